package io.firn.bench.kernels;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.util.VectorUtil;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Lucene's kernels on codes of the dimensions of {@link CodeBenchmark}, in cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
public class PeerCodeBenchmark {

  private static final int ROWS = 32;

  private final byte[][] bytes = new byte[ROWS][];
  private final byte[][] nibbles = new byte[ROWS][];
  private final byte[][] bits = new byte[ROWS][];
  private byte[] nibblePlanes = new byte[0];
  private int next;

  /** Fills everything at random. */
  @Setup(Level.Trial)
  public void fill(RowOrder order) {
    var random = new SplittableRandom(1);
    int padded = (order.dimension + 63) & -64;
    nibblePlanes = new byte[padded / 2];
    random.nextBytes(nibblePlanes);
    for (int row = 0; row < ROWS; row++) {
      bytes[row] = new byte[padded];
      random.nextBytes(bytes[row]);
      nibbles[row] = new byte[padded];
      for (int i = 0; i < padded; i++) {
        nibbles[row][i] = (byte) random.nextInt(16);
      }
      bits[row] = new byte[padded / 8];
      random.nextBytes(bits[row]);
    }
  }

  private int row() {
    return next++ & (ROWS - 1);
  }

  /** One row of signed bytes. */
  @Benchmark
  public int luceneInt8() {
    return VectorUtil.dotProduct(bytes[0], bytes[row()]);
  }

  /** One row of unsigned bytes. */
  @Benchmark
  public int luceneUint8() {
    return VectorUtil.uint8DotProduct(bytes[0], bytes[row()]);
  }

  /** One row of 4-bit codes, unpacked. */
  @Benchmark
  public int luceneInt4() {
    return VectorUtil.int4DotProduct(nibbles[0], nibbles[row()]);
  }

  /** 32 rows of 1-bit codes and a 4-bit query. */
  @Benchmark
  public long lucene32OneBitRows() {
    long sum = 0;
    for (byte[] row : bits) {
      sum += VectorUtil.int4BitDotProduct(nibblePlanes, row);
    }
    return sum;
  }

  /** One row of bits. */
  @Benchmark
  public int luceneHamming() {
    return VectorUtil.xorBitCount(bits[0], bits[row()]);
  }
}
