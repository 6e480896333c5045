package io.firn.bench.kernels;

import io.firn.simd.ByteRows;
import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import io.firn.simd.Cosine;
import io.firn.simd.InnerProduct;
import io.firn.simd.Manhattan;
import io.firn.simd.Rotation;
import io.firn.simd.SquaredL2;
import io.firn.simd.Uint4Product;
import io.firn.simd.Uint8Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** One fresh JVM of {@link FreshStarts}: prints a line {@code kernel nanos} for each hot kernel. */
final class StartProbe {

  private static final int DIMENSION = 384;
  private static final long STRIDE_BYTES = 4L * DIMENSION;
  private static final int CALLS = 1000;

  /** Without a compilation that ended or a faster batch; C2 takes a second for the block kernel. */
  private static final long SETTLE_NANOS = 1_500_000_000L;

  private static final long GIVE_UP_NANOS = 30_000_000_000L;
  private static final double FASTER = 0.9;

  private static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();

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
    print("squared L2", i -> SquaredL2.distance(rows, 0, rows, at(i), DIMENSION));
    print("squared L2, query in an array", i -> SquaredL2.distance(query, rows, at(i), DIMENSION));
    print(
        "squared L2, four rows",
        i -> {
          SquaredL2.distance4(
              rows, 0, rows, at(i), rows, at(i + 1), rows, at(i + 2), rows, at(i + 3), DIMENSION,
              four, 0);
          return four[0];
        });
    print("inner product", i -> InnerProduct.product(rows, 0, rows, at(i), DIMENSION));
    print("L1", i -> Manhattan.distance(rows, 0, rows, at(i), DIMENSION));
    print("cosine", i -> Cosine.distance(rows, 0, rows, at(i), DIMENSION));
    print(
        "cosine, four rows",
        i -> {
          Cosine.distance4(
              rows, 0, rows, at(i), rows, at(i + 1), rows, at(i + 2), rows, at(i + 3), DIMENSION,
              four, 0);
          return four[0];
        });
    print("8-bit codes", i -> Uint8Product.product(query, rows, at(i), DIMENSION));
    print("4-bit codes", i -> Uint4Product.product(query, rows, at(i), DIMENSION));
    print("int8 product", i -> ByteRows.product(rows, 0, rows, at(i), DIMENSION));
    var block = new CodeBlock(DIMENSION, 1, 0, 128, 192, 192 + STRIDE_BYTES);
    var prepared = new CodeQuery(DIMENSION);
    prepared.prepare(query);
    int[] ids = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    print(
        "block of 32 1-bit codes",
        i -> block.below(rows, 2048L * (i & 7), prepared, 0, 0, ids, estimates));
    var rotation = new Rotation(DIMENSION, 1);
    float[] rotated = new float[DIMENSION];
    print(
        "rotation",
        _ -> {
          rotation.rotate(query, rotated);
          return rotated[0];
        });
    print(
        "query table",
        _ -> {
          prepared.prepare(query);
          return 0;
        });
  }

  private static long at(int i) {
    return STRIDE_BYTES * (i & 15);
  }

  /** Prints the fastest batch, once C2 has nothing left to do, however slowly it works. */
  private static void print(String name, IntToDoubleFunction kernel) {
    double best = Double.POSITIVE_INFINITY;
    double settled = Double.POSITIVE_INFINITY; // best, when it was last much faster than before
    long compiled = -1;
    long start = System.nanoTime();
    long changed = start;
    for (long now = start;
        now - changed < SETTLE_NANOS && now - start < GIVE_UP_NANOS;
        now = System.nanoTime()) {
      best = Math.min(best, batch(kernel));
      long compiledNow = COMPILATION.getTotalCompilationTime();
      if (compiledNow != compiled || best < FASTER * settled) {
        compiled = compiledNow;
        settled = best;
        changed = now;
      }
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
