package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * One bit for each dimension and none for anything else: whether a value lies above the mean. Rows
 * are compared by the number of bits that differ, the Hamming distance h, which stands for an angle
 * of π h / D. For data that is binary already, and for the smallest of codes; at equal bits RaBitQ
 * is nearer the truth, since its query keeps its magnitudes.
 *
 * <p>A row is ⌈D/64⌉ little-endian int64; bit {@code i % 64} of word {@code i / 64} is dimension
 * {@code i}, bits behind dimension D are zero. Immutable, for any thread.
 */
public final class SignQuantizer implements Quantizer {

  static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final float[] mean;

  /**
   * Compares values with a given mean; all zeros for plain signs.
   *
   * @param mean one float for each dimension; copied
   */
  public SignQuantizer(float[] mean) {
    if (mean.length < 1) {
      throw new IllegalArgumentException(
          "dimension must be at least 1 but is 0: there is nothing to code. Pass a mean of the rows' dimension.");
    }
    this.mean = mean.clone();
  }

  @Override
  public String name() {
    return "sign-1";
  }

  @Override
  public int dimension() {
    return mean.length;
  }

  /** The angle between deviations from the mean, as {@code 1 - cos}. */
  @Override
  public Distance distance() {
    return Distance.COSINE;
  }

  int words() {
    return Math.ceilDiv(mean.length, Long.SIZE);
  }

  float[] mean() {
    return mean;
  }

  @Override
  public long codesBytes(int rows) {
    return (long) rows * words() * Long.BYTES;
  }

  @Override
  public void encode(FloatRows rows, int first, int count, MemorySegment codes) {
    Encoding.requireWholeBlocks(this, rows, first, count, codes);
    float[] row = new float[mean.length];
    long[] words = new long[words()];
    for (int i = first; i < first + count; i++) {
      rows.copy(i, row);
      signs(row, words);
      MemorySegment.copy(words, 0, codes, WORD, codesBytes(i), words.length);
    }
  }

  void signs(float[] row, long[] words) {
    for (int word = 0; word < words.length; word++) {
      long bits = 0;
      int from = word * Long.SIZE;
      for (int i = from; i < Math.min(mean.length, from + Long.SIZE); i++) {
        bits |= (row[i] > mean[i] ? 1L : 0L) << i;
      }
      words[word] = bits;
    }
  }

  /** Decodes to the mean plus or minus one: a code of signs knows no magnitudes. */
  @Override
  public void decodeRow(MemorySegment codes, int row, float[] into) {
    Objects.checkFromIndexSize(0, mean.length, into.length);
    for (int i = 0; i < mean.length; i++) {
      long word = codes.get(WORD, codesBytes(row) + (long) i / Long.SIZE * Long.BYTES);
      into[i] = mean[i] + ((word >>> i) & 1) * 2 - 1;
    }
  }

  @Override
  public SignQuery query() {
    return new SignQuery(this);
  }

  @Override
  public long stateBytes() {
    return QuantizerBlock.bytes(mean.length);
  }

  @Override
  public void writeTo(MemorySegment target) {
    QuantizerBlock.write(this, target);
  }

  @Override
  public String toString() {
    return name() + " for " + distance();
  }
}
