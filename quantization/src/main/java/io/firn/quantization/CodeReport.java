package io.firn.quantization;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What a quantizer says of itself: its size, and its error measured on rows.
 *
 * @param name of the quantizer
 * @param bytesPerRow of a code, factors and padding included
 * @param bitsPerDimension the same in bits for each dimension
 * @param relativeError root mean square error of estimates, over the standard deviation of the
 *     distances estimated: 0 is exact, 1 tells nothing
 */
public record CodeReport(
    String name, double bytesPerRow, double bitsPerDimension, double relativeError) {

  private static final int ROWS = 2048;
  private static final int QUERIES = 32;

  /**
   * Measures a quantizer on rows it should code, with some of them as queries.
   *
   * @param sample at least 2 rows; at most 2,080 are used
   * @param seed of the choice of rows; equal seeds choose the same
   */
  public static CodeReport measure(Quantizer quantizer, FloatRows sample, long seed) {
    int used = Math.min(ROWS, sample.count());
    var random = new SplittableRandom(seed);
    float[][] rows = draw(sample, used, random);
    float[][] queries = draw(sample, Math.min(QUERIES, used), random);
    double errors = 0;
    double sum = 0;
    double squares = 0;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment codes = encode(quantizer, rows, arena);
      PreparedQuery prepared = quantizer.query();
      for (float[] query : queries) {
        prepared.prepare(query);
        for (int i = 0; i < used; i++) {
          double exact = quantizer.distance().between(query, rows[i]);
          errors += Math.pow(prepared.estimateRow(codes, i) - exact, 2);
          sum += exact;
          squares += exact * exact;
        }
      }
    }
    double count = (double) used * queries.length;
    double variance = squares / count - Math.pow(sum / count, 2);
    double bytes = (double) quantizer.codesBytes(sample.count()) / sample.count();
    return new CodeReport(
        quantizer.name(),
        bytes,
        bytes * Byte.SIZE / quantizer.dimension(),
        variance > 0 ? Math.sqrt(errors / count / variance) : 0);
  }

  private static float[][] draw(FloatRows sample, int count, SplittableRandom random) {
    float[][] rows = new float[count][sample.dimension()];
    for (float[] row : rows) {
      sample.copy(random.nextInt(sample.count()), row);
    }
    return rows;
  }

  private static MemorySegment encode(Quantizer quantizer, float[][] rows, Arena arena) {
    int dimension = quantizer.dimension();
    MemorySegment memory = arena.allocate(4L * dimension * rows.length, 64);
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(rows[i], 0, memory, FloatRows.FLOAT, 4L * dimension * i, dimension);
    }
    MemorySegment codes = arena.allocate(quantizer.codesBytes(rows.length), 64);
    quantizer.encode(FloatRows.packed(memory, dimension, rows.length), 0, rows.length, codes);
    return codes;
  }

  /** One line for people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %.1f bytes a vector (%.2f bits a dimension), relative error %.4f",
        name,
        bytesPerRow,
        bitsPerDimension,
        relativeError);
  }
}
