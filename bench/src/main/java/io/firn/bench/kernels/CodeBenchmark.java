package io.firn.bench.kernels;

import io.firn.simd.ByteRows;
import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import io.firn.simd.Rotation;
import io.firn.simd.Uint4Product;
import io.firn.simd.Uint8Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Nanoseconds of the kernels on codes, everything in cache: one block of 32 neighbours with about
 * four survivors, one row of scalar codes, one row of bytes, and the preparation of a query.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodeBenchmark {

  private static final int RECORDS = 16;

  /** Dimensions of the rows; blocks and rotations pad them to 64. */
  @Param({"100", "128", "384", "768", "784", "1536"})
  public int dimension;

  private MemorySegment memory = MemorySegment.NULL;
  private long strideBytes;
  private float[] query = new float[0];
  private float[] rotated = new float[0];
  private byte[] bytesA = new byte[0];
  private byte[] bytesB = new byte[0];
  private CodeBlock oneBit = new CodeBlock(64, 1, 0, 0, 0, 0);
  private CodeBlock twoBits = new CodeBlock(64, 2, 0, 0, 0, 0);
  private CodeQuery prepared = new CodeQuery(64);
  private Rotation rotation = new Rotation(64, 1);
  private float threshold1;
  private float threshold2;
  private final int[] ids = new int[CodeBlock.RESULT_CAPACITY];
  private final float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
  private int next;

  /** Fills everything at random. */
  @Setup(Level.Trial)
  public void fill() {
    var random = new SplittableRandom(1);
    rotation = new Rotation(dimension, 1);
    int padded = rotation.paddedDimension();
    query = new float[padded];
    rotated = new float[padded];
    for (int i = 0; i < dimension; i++) {
      query[i] = (float) random.nextDouble(-1, 1);
    }
    rotation.rotate(query, rotated);
    prepared = new CodeQuery(padded);
    prepared.prepare(rotated);
    oneBit = block(padded, 1);
    twoBits = block(padded, 2);
    strideBytes = (twoBits.factorsAt() + 128 + 63) & -64L;
    memory = Arena.ofAuto().allocate(RECORDS * strideBytes, 64);
    for (long i = 0; i < memory.byteSize(); i++) {
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(256));
    }
    for (int record = 0; record < RECORDS; record++) {
      float[] affine = {10, 0.0001f, -0.5f, 0.000001f};
      MemorySegment.copy(
          affine, 0, memory, ValueLayout.JAVA_FLOAT, record * strideBytes + 128, affine.length);
    }
    threshold1 = threshold(oneBit);
    threshold2 = threshold(twoBits);
    bytesA = memory.asSlice(0, dimension).toArray(ValueLayout.JAVA_BYTE);
    bytesB = memory.asSlice(dimension, dimension).toArray(ValueLayout.JAVA_BYTE);
  }

  private static CodeBlock block(int dimension, int bits) {
    long codesAt = 192;
    return new CodeBlock(
        dimension, bits, 0, 128, codesAt, codesAt + CodeBlock.codesBytes(dimension, bits));
  }

  /** A threshold that about an eighth of the neighbours pass. */
  private float threshold(CodeBlock block) {
    float[] all = new float[RECORDS * CodeBlock.SLOTS];
    int count = 0;
    for (int record = 0; record < RECORDS; record++) {
      int found =
          block.below(
              memory, record * strideBytes, prepared, 3, Float.POSITIVE_INFINITY, ids, estimates);
      System.arraycopy(estimates, 0, all, count, found);
      count += found;
    }
    java.util.Arrays.sort(all, 0, count);
    return all[count / 8];
  }

  private long record() {
    return strideBytes * (next++ & (RECORDS - 1));
  }

  /** 32 estimates from 1-bit codes. */
  @Benchmark
  public int blockOneBit() {
    return oneBit.below(memory, record(), prepared, 3, threshold1, ids, estimates);
  }

  /** 32 estimates from 2-bit codes. */
  @Benchmark
  public int blockTwoBits() {
    return twoBits.below(memory, record(), prepared, 3, threshold2, ids, estimates);
  }

  /** One row of 8-bit codes. */
  @Benchmark
  public float uint8Product() {
    return Uint8Product.product(query, memory, record(), (dimension + 15) & -16);
  }

  /** One row of 4-bit codes. */
  @Benchmark
  public float uint4Product() {
    return Uint4Product.product(query, memory, record(), (dimension + 31) & -32);
  }

  /** One row of signed bytes. */
  @Benchmark
  public long int8Product() {
    return ByteRows.product(memory, 0, memory, record(), (dimension + 15) & -16);
  }

  /** One row of signed bytes, by Lucene. */
  @Benchmark
  public int luceneInt8Product() {
    return org.apache.lucene.util.VectorUtil.dotProduct(bytesA, bytesB);
  }

  /** Bits that differ in rows of {@code dimension} bits. */
  @Benchmark
  public int hamming() {
    return ByteRows.hamming(memory, 0, memory, record(), (dimension + 63) / 64 * 8);
  }

  /** One rotation. */
  @Benchmark
  public float rotate() {
    rotation.rotate(query, rotated);
    return rotated[0];
  }

  /** One query table. */
  @Benchmark
  public CodeQuery prepareQuery() {
    prepared.prepare(rotated);
    return prepared;
  }
}
