package io.firn.bench.codes;

import io.firn.quantization.CodeScan;
import io.firn.quantization.Distance;
import io.firn.quantization.Encoding;
import io.firn.quantization.FloatRows;
import io.firn.quantization.Progress;
import io.firn.quantization.Quantizer;
import io.firn.quantization.RabitqQuantizer;
import io.firn.simd.SquaredL2;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Exact-by-codes search over synthetic rows, against the time it takes to read the codes once. The
 * rows are clustered, of 32 intrinsic dimensions, with noise in all.
 */
final class ScanMeasurement {

  private static final int DIMENSION = 768;
  private static final int INTRINSIC = 32;
  private static final int CLUSTERS = 1000;
  private static final int QUERIES = 40;
  private static final int ROUNDS = 3;

  /** Kernels of one row and of four round differently. */
  private static final float SAME = 1 + 1e-6f;

  private static final int K = 10;
  private static final float[] WIDTHS = {0, 0.5f, 0.75f, 1, 1.5f, 2, 3};

  private final float[][] queries = new float[QUERIES][];
  private final float[] tenth = new float[QUERIES];
  private final int count;
  private final SplittableRandom random = new SplittableRandom(1);
  private final float[][] axes = matrix(INTRINSIC, DIMENSION);
  private final float[][] centres = matrix(CLUSTERS, INTRINSIC);

  ScanMeasurement(int count) {
    this.count = count;
  }

  void run(PrintStream out) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(4L * DIMENSION * count, 64);
      for (int i = 0; i < count; i++) {
        float[] row = draw();
        MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_FLOAT, 4L * DIMENSION * i, DIMENSION);
      }
      var rows = FloatRows.packed(memory, DIMENSION, count);
      var quantizer = RabitqQuantizer.train(rows, 1, Distance.SQUARED_L2, 1, Progress.IGNORED);
      MemorySegment codes = arena.allocate(quantizer.codesBytes(count), 64);
      Encoding.encodeAll(quantizer, rows, codes, 2);
      drawQueries(memory);
      measure(out, quantizer, codes, memory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drawQueries(MemorySegment memory) {
    for (int q = 0; q < QUERIES; q++) {
      queries[q] = draw();
      tenth[q] = tenthDistance(queries[q], memory);
    }
  }

  private void measure(
      PrintStream out, Quantizer quantizer, MemorySegment codes, MemorySegment memory) {
    out.printf(
        "%,d synthetic rows of %d dimensions, %,d bytes of codes; medians of one thread's CPU time%n",
        count, DIMENSION, codes.byteSize());
    out.printf("huge pages: %s%n%n", hugePages());
    out.println(
        "| deviations | recall@10 | rows read | ms a query | ms to read the codes | ratio |");
    out.println("|---|---|---|---|---|---|");
    for (float width : WIDTHS) {
      out.println(line(quantizer, codes, memory, width));
    }
  }

  private String line(Quantizer quantizer, MemorySegment codes, MemorySegment memory, float width) {
    var scan = new CodeScan();
    var prepared = quantizer.query();
    int[] nearest = new int[K];
    float[] distances = new float[K];
    double[] scanNanos = new double[ROUNDS * QUERIES];
    double[] readNanos = new double[ROUNDS * QUERIES];
    double found = 0;
    double read = 0;
    for (int i = 0; i < scanNanos.length; i++) {
      float[] query = queries[i % QUERIES];
      readNanos[i] = readNanos(codes);
      long start = CpuClock.nanos();
      prepared.prepare(query);
      scan.nearest(
          prepared,
          codes,
          count,
          width,
          CodeScan.RowFilter.ALL,
          (numbers, into, size) -> exact(query, memory, numbers, into, size),
          nearest,
          distances);
      scanNanos[i] = CpuClock.nanos() - start;
      read += scan.rowsRead();
      for (float distance : distances) {
        found += distance <= SAME * tenth[i % QUERIES] ? 1 : 0;
      }
    }
    double scanMillis = median(scanNanos) / 1e6;
    double readMillis = median(readNanos) / 1e6;
    return String.format(
        Locale.ROOT,
        "| %.2f | %.4f | %.0f | %.2f | %.2f | %.2f |",
        width,
        found / scanNanos.length / K,
        read / scanNanos.length,
        scanMillis,
        readMillis,
        scanMillis / readMillis);
  }

  /** Memory on huge pages, of codes and rows: {@code GLIBC_TUNABLES=glibc.malloc.hugetlb=1}. */
  private static String hugePages() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("AnonHugePages:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException | UncheckedIOException e) { // no such file on this system
      return "unknown";
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void exact(
      float[] query, MemorySegment memory, int[] rows, float[] distances, int size) {
    long stride = 4L * DIMENSION;
    int i = 0;
    for (; i + 4 <= size; i += 4) {
      SquaredL2.distance4(
          query,
          memory,
          stride * rows[i],
          memory,
          stride * rows[i + 1],
          memory,
          stride * rows[i + 2],
          memory,
          stride * rows[i + 3],
          DIMENSION,
          distances,
          i);
    }
    for (; i < size; i++) {
      distances[i] = SquaredL2.distance(query, memory, stride * rows[i], DIMENSION);
    }
  }

  private float tenthDistance(float[] query, MemorySegment memory) {
    float[] distances = new float[count];
    for (int i = 0; i < count; i++) {
      distances[i] = SquaredL2.distance(query, memory, 4L * DIMENSION * i, DIMENSION);
    }
    Arrays.sort(distances);
    return distances[K - 1];
  }

  private static double readNanos(MemorySegment codes) {
    long start = CpuClock.nanos();
    long sum = MemorySum.sum(codes);
    long nanos = CpuClock.nanos() - start;
    if (sum == 42) {
      throw new IllegalStateException("thrown by chance; asked so that the reads are not dropped");
    }
    return nanos;
  }

  private float[] draw() {
    float[] row = new float[DIMENSION];
    float[] centre = centres[random.nextInt(CLUSTERS)];
    for (int d = 0; d < DIMENSION; d++) {
      row[d] = (float) (0.1 * random.nextGaussian());
    }
    for (int a = 0; a < INTRINSIC; a++) {
      float along = (float) (centre[a] + 0.5 * random.nextGaussian());
      for (int d = 0; d < DIMENSION; d++) {
        row[d] += along * axes[a][d];
      }
    }
    return row;
  }

  private float[][] matrix(int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }
}
