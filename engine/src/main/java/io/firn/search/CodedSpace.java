package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.quantization.Distance;
import io.firn.quantization.NeighbourEncoder;
import io.firn.quantization.RabitqQuantizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The space in which a segment's codes lie: the dimensions in which its rows differ, less their
 * mean, rotated. Of the other dimensions only the squared length is kept, since between rows that
 * hardly differ there it is all that matters: ‖q - o‖² = kept + ‖q'‖² + ‖o'‖² - 2⟨q', o'⟩, of which
 * the last is left out. Vectors under COSINE are brought to unit length by the caller. Immutable.
 *
 * <p>As bytes: the state of the quantizer, whose dimension is the number of kept ones. If those are
 * not all, from the next multiple of 8 on a bit for each dimension, set if it is kept, in words of
 * 64, and the means of the others as float32.
 */
final class CodedSpace {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final RabitqQuantizer quantizer;
  private final int dimension;
  private final int[] kept; // ascending; meaningful if some are not
  private final int[] others;
  private final float[] otherMeans;

  private CodedSpace(RabitqQuantizer quantizer, int dimension, long[] bits, float[] otherMeans) {
    this.quantizer = quantizer;
    this.dimension = dimension;
    this.kept = places(bits, dimension, true);
    this.others = places(bits, dimension, false);
    this.otherMeans = otherMeans;
  }

  /**
   * Makes the space of rows with a mean.
   *
   * @param mean of each dimension
   * @param bits the dimensions that are kept, a multiple of 64 of them unless it is all
   */
  static CodedSpace of(RowLayout layout, float[] mean, long[] bits, long seed) {
    int dimension = layout.dimension();
    int[] others = places(bits, dimension, false);
    var quantizer =
        new RabitqQuantizer(
            NodeRecordLayout.bits(dimension),
            NodeRecordFile.estimated(layout.metric()),
            seed,
            at(mean, places(bits, dimension, true)));
    return new CodedSpace(quantizer, dimension, bits, at(mean, others));
  }

  /** The space of rows that differ everywhere: the longest codes that this shape can have. */
  static CodedSpace shape(RowLayout layout) {
    int dimension = layout.dimension();
    return of(layout, new float[dimension], all(dimension), 0);
  }

  /** A bit for every dimension. */
  static long[] all(int dimension) {
    long[] bits = new long[words(dimension)];
    for (int i = 0; i < dimension; i++) {
      bits[i / Long.SIZE] |= 1L << i;
    }
    return bits;
  }

  private static int words(int dimension) {
    return (dimension + Long.SIZE - 1) / Long.SIZE;
  }

  private static int[] places(long[] bits, int dimension, boolean set) {
    int[] places = new int[dimension];
    int count = 0;
    for (int i = 0; i < dimension; i++) {
      if (((bits[i / Long.SIZE] >>> i) & 1) == 1 == set) {
        places[count++] = i;
      }
    }
    return Arrays.copyOf(places, count);
  }

  private static float[] at(float[] values, int[] places) {
    float[] found = new float[places.length];
    for (int i = 0; i < places.length; i++) {
      found[i] = values[places[i]];
    }
    return found;
  }

  /** Floats of a vector in this space, a multiple of 64. */
  int codeLength() {
    return quantizer.codeLength();
  }

  /** Bits of a neighbour's code for each of them. */
  int bits() {
    return quantizer.bits();
  }

  /** True if distances are inner products: then what is left out adds nothing to any. */
  boolean product() {
    return quantizer.distance() == Distance.INNER_PRODUCT;
  }

  /** The mean of the rows in this space. */
  float[] rotatedMean() {
    return quantizer.rotatedCentroid();
  }

  NeighbourEncoder neighbours() {
    return quantizer.neighbours();
  }

  /**
   * Brings a row or a query into this space.
   *
   * @param vector of unit length under COSINE
   * @param transformed receives {@link #codeLength} floats
   * @return the squared length of what is left out, less its mean; 0 for inner products
   */
  float transform(float[] vector, float[] transformed) {
    if (others.length == 0) {
      quantizer.transform(vector, transformed);
      return 0;
    }
    for (int i = 0; i < kept.length; i++) {
      transformed[i] = vector[kept[i]];
    }
    quantizer.transform(transformed, transformed);
    return product() ? 0 : otherSquares(vector);
  }

  private float otherSquares(float[] vector) {
    float squares = 0;
    for (int i = 0; i < others.length; i++) {
      float difference = vector[others[i]] - otherMeans[i];
      squares += difference * difference;
    }
    return squares;
  }

  long stateBytes() {
    return others.length == 0 ? quantizer.stateBytes() : othersAt(quantizer) + otherBytes();
  }

  private static long othersAt(RabitqQuantizer quantizer) {
    return (quantizer.stateBytes() + 7) & -8;
  }

  private long otherBytes() {
    return (long) Long.BYTES * words(dimension) + (long) Float.BYTES * others.length;
  }

  /** Writes {@link #stateBytes} into zeroed memory. */
  void writeTo(MemorySegment target) {
    quantizer.writeTo(target);
    if (others.length > 0) {
      long at = othersAt(quantizer);
      for (int place : kept) {
        long word = at + (long) Long.BYTES * (place / Long.SIZE);
        target.set(WORD, word, target.get(WORD, word) | (1L << place));
      }
      long meansAt = at + (long) Long.BYTES * words(dimension);
      MemorySegment.copy(otherMeans, 0, target, FLOAT, meansAt, otherMeans.length);
    }
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @param quantizer as read from the beginning of {@code state}
   * @return null if the rest cannot be the state of rows of this dimension
   */
  static @Nullable CodedSpace read(RabitqQuantizer quantizer, int dimension, MemorySegment state) {
    int count = dimension - quantizer.dimension();
    if (count == 0) {
      return new CodedSpace(quantizer, dimension, all(dimension), new float[0]);
    }
    long at = othersAt(quantizer);
    long meansAt = at + (long) Long.BYTES * words(dimension);
    if (count < 0 || state.byteSize() < meansAt + (long) Float.BYTES * count) {
      return null;
    }
    long[] bits = new long[words(dimension)];
    MemorySegment.copy(state, WORD, at, bits, 0, bits.length);
    float[] means = new float[count];
    MemorySegment.copy(state, FLOAT, meansAt, means, 0, count);
    var space = new CodedSpace(quantizer, dimension, bits, means);
    return space.others.length == count ? space : null;
  }
}
