package io.firn.bench.kernels;

import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import io.firn.simd.Cosine;
import io.firn.simd.InnerProduct;
import io.firn.simd.SquaredL2;
import io.firn.simd.Uint8Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** One fresh JVM of {@link FreshStarts}: prints a line {@code kernel nanos} for each hot kernel. */
final class StartProbe {

  private static final int DIMENSION = 384;
  private static final long STRIDE_BYTES = 4L * DIMENSION;
  private static final int CALLS = 1000;
  private static final long SETTLE_NANOS = 1_500_000_000L;

  static volatile double sink;

  private StartProbe() {}

  /** Measures and prints. */
  public static void main(String[] args) {
    var random = new SplittableRandom(1);
    MemorySegment rows = Arena.ofAuto().allocate(16 * STRIDE_BYTES, 64);
    for (long i = 0; i < rows.byteSize(); i += Float.BYTES) {
      rows.set(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    float[] query = rows.asSlice(0, STRIDE_BYTES).toArray(ValueLayout.JAVA_FLOAT);
    float[] four = new float[4];
    print("squared L2", i -> SquaredL2.distance(query, rows, STRIDE_BYTES * (i & 15), DIMENSION));
    print(
        "squared L2, four rows",
        i -> {
          long at = STRIDE_BYTES * (i & 7);
          SquaredL2.distance4(
              query,
              rows,
              at,
              at + STRIDE_BYTES,
              at + 2 * STRIDE_BYTES,
              at + 3 * STRIDE_BYTES,
              DIMENSION,
              four,
              0);
          return four[0];
        });
    print(
        "inner product",
        i -> InnerProduct.product(query, rows, STRIDE_BYTES * (i & 15), DIMENSION));
    print("cosine", i -> Cosine.distance(query, rows, STRIDE_BYTES * (i & 15), DIMENSION));
    print(
        "8-bit codes", i -> Uint8Product.product(query, rows, STRIDE_BYTES * (i & 15), DIMENSION));
    var block = new CodeBlock(DIMENSION, 1, 0, 128, 192, 192 + STRIDE_BYTES);
    var prepared = new CodeQuery(DIMENSION);
    prepared.prepare(query);
    int[] ids = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    print(
        "block of 32 1-bit codes",
        i -> block.below(rows, 2048L * (i & 7), prepared, 0, 0, ids, estimates));
  }

  private static void print(String name, IntToDoubleFunction kernel) {
    double best = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + SETTLE_NANOS;
    while (System.nanoTime() < end) {
      best = Math.min(best, batch(kernel));
    }
    System.out.printf(Locale.ROOT, "%s %.2f%n", name, best);
  }

  private static double batch(IntToDoubleFunction kernel) {
    long start = System.nanoTime();
    double sum = 0;
    for (int i = 0; i < CALLS; i++) {
      sum += kernel.applyAsDouble(i);
    }
    long nanos = System.nanoTime() - start;
    sink = sum;
    return nanos / (double) CALLS;
  }
}
