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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds of the kernels on codes: one block of 32 neighbours with about four survivors, rows
 * of scalar codes, one row of bytes, and the preparation of a query. A row or block is taken from a
 * record of the size of its 2-bit block; in memory, from random records of 1 GiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1) // C2 takes a second or two to get to the larger ones
public class CodeBenchmark {

  private static final int SAMPLE = 16;
  private static final int PATTERN_BYTES = 1 << 20;

  private MemorySegment memory = MemorySegment.NULL;
  private long strideBytes;
  private float[] query = new float[0];
  private float[] rotated = new float[0];
  private CodeBlock oneBit = new CodeBlock(64, 1, 0, 0, 0, 0);
  private CodeBlock twoBits = new CodeBlock(64, 2, 0, 0, 0, 0);
  private CodeQuery prepared = new CodeQuery(64);
  private Rotation rotation = new Rotation(64, 1);
  private float threshold1;
  private float threshold2;
  private final int[] ids = new int[CodeBlock.RESULT_CAPACITY];
  private final float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
  private final float[] four = new float[4];
  private int padded;
  private RowOrder order = new RowOrder();
  private int mask;
  private int next;

  /** Fills everything at random. */
  @Setup(Level.Trial)
  public void fill(RowOrder chosen) {
    var random = new SplittableRandom(1);
    order = chosen;
    rotation = new Rotation(order.dimension, 1);
    padded = rotation.paddedDimension();
    query = new float[padded];
    rotated = new float[padded];
    for (int i = 0; i < order.dimension; i++) {
      query[i] = (float) random.nextDouble(-1, 1);
    }
    rotation.rotate(query, rotated);
    prepared = new CodeQuery(padded);
    prepared.prepare(rotated);
    oneBit = block(padded, 1);
    twoBits = block(padded, 2);
    strideBytes = (twoBits.factorsAt() + 128 + 63) & -64L;
    int records =
        order.place == Place.CACHE
            ? SAMPLE
            : Integer.highestOneBit((int) (Place.MEMORY_BYTES / strideBytes));
    mask = records - 1;
    fillRecords(random, records);
    threshold1 = threshold(oneBit);
    threshold2 = threshold(twoBits);
  }

  private void fillRecords(SplittableRandom random, int records) {
    byte[] pattern = new byte[PATTERN_BYTES];
    random.nextBytes(pattern);
    memory = Arena.ofAuto().allocate(records * strideBytes, 1L << 21);
    for (long at = 0; at < memory.byteSize(); at += PATTERN_BYTES) {
      int bytes = (int) Math.min(PATTERN_BYTES, memory.byteSize() - at);
      MemorySegment.copy(pattern, 0, memory, ValueLayout.JAVA_BYTE, at, bytes);
    }
    float[] affine = {10, 0.0001f, -0.5f, 0.000001f};
    for (int record = 0; record < records; record++) {
      MemorySegment.copy(
          affine, 0, memory, ValueLayout.JAVA_FLOAT, record * strideBytes + 128, affine.length);
    }
  }

  private static CodeBlock block(int dimension, int bits) {
    long codesAt = 192;
    return new CodeBlock(
        dimension, bits, 0, 128, codesAt, codesAt + CodeBlock.codesBytes(dimension, bits));
  }

  /** A threshold that about an eighth of the neighbours pass. */
  private float threshold(CodeBlock block) {
    float[] all = new float[SAMPLE * CodeBlock.SLOTS];
    int count = 0;
    for (int record = 0; record < SAMPLE; record++) {
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
    return strideBytes * (order.rows[next++ & (order.rows.length - 1)] & mask);
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
  public float uint8OneRow() {
    return Uint8Product.product(query, memory, record(), padded);
  }

  /** Four rows of 8-bit codes. */
  @Benchmark
  public float uint8FourRows() {
    Uint8Product.product4(query, memory, record(), record(), record(), record(), padded, four, 0);
    return four[0];
  }

  /** One row of 4-bit codes. */
  @Benchmark
  public float uint4OneRow() {
    return Uint4Product.product(query, memory, record(), padded);
  }

  /** Four rows of 4-bit codes. */
  @Benchmark
  public float uint4FourRows() {
    Uint4Product.product4(query, memory, record(), record(), record(), record(), padded, four, 0);
    return four[0];
  }

  /** One row of signed bytes. */
  @Benchmark
  public long int8OneRow() {
    return ByteRows.product(memory, 0, memory, record(), padded);
  }

  /** Bits that differ in rows of {@code dimension} bits. */
  @Benchmark
  public int hamming() {
    return ByteRows.hamming(memory, 0, memory, record(), padded / 8);
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
