package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Encodes many rows on several threads. The codes are the same for any number of them. */
public final class Encoding {

  /** Rows a thread takes at a time: enough to forget its scratch, few enough to share evenly. */
  private static final int STRIPE_ROWS = 128 * Quantizer.BLOCK_ROWS;

  private Encoding() {}

  /**
   * Encodes all rows.
   *
   * @param codes at least {@code quantizer.codesBytes(rows.count())} bytes that any thread may
   *     write
   * @param threads at least 1; started and ended here
   * @throws InterruptedException if this thread is interrupted; the codes are then incomplete
   */
  public static void encodeAll(
      Quantizer quantizer, FloatRows rows, MemorySegment codes, int threads)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          int first = next.getAndAdd(STRIPE_ROWS);
          while (first < rows.count()) {
            quantizer.encode(rows, first, Math.min(STRIPE_ROWS, rows.count() - first), codes);
            first = next.getAndAdd(STRIPE_ROWS);
          }
        };
    try (var executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(executor.submit(worker));
      }
      for (Future<?> each : workers) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("rows could not be encoded", e.getCause());
    }
  }

  static void requireWholeBlocks(
      Quantizer quantizer, FloatRows rows, int first, int count, MemorySegment codes) {
    if (first % Quantizer.BLOCK_ROWS != 0) {
      throw new IllegalArgumentException(
          "first must be a multiple of %d but is %d: codes are written a block at a time. Start at the block's first row."
              .formatted(Quantizer.BLOCK_ROWS, first));
    }
    if (rows.dimension() != quantizer.dimension()) {
      throw new IllegalArgumentException(
          "dimension must be %d but is %d: the quantizer was made for it. Train another."
              .formatted(quantizer.dimension(), rows.dimension()));
    }
    Objects.checkFromIndexSize(first, count, rows.count());
    Objects.checkFromIndexSize(0, quantizer.codesBytes(first + count), codes.byteSize());
  }
}
