package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A query against codes of a {@link SignQuantizer}. Reusable; one thread at a time. */
public final class SignQuery implements PreparedQuery {

  private final SignQuantizer quantizer;
  private final long[] words;
  private final float[] angleDistance; // by Hamming distance

  SignQuery(SignQuantizer quantizer) {
    this.quantizer = quantizer;
    this.words = new long[quantizer.words()];
    int dimension = quantizer.dimension();
    this.angleDistance = new float[dimension + 1];
    for (int h = 0; h <= dimension; h++) {
      angleDistance[h] = (float) (1 - Math.cos(Math.PI * h / dimension));
    }
  }

  @Override
  public SignQuery prepare(float[] query) {
    Objects.checkFromIndexSize(0, quantizer.dimension(), query.length);
    quantizer.signs(query, words);
    return this;
  }

  /** The number of bits in which a row differs from the query. */
  public int hamming(MemorySegment codes, int row) {
    long at = quantizer.codesBytes(row);
    int differing = 0;
    for (int i = 0; i < words.length; i++) {
      differing += Long.bitCount(words[i] ^ codes.get(SignQuantizer.WORD, at + 8L * i));
    }
    return Math.min(differing, quantizer.dimension()); // damaged bits behind the last dimension
  }

  @Override
  public float estimateRow(MemorySegment codes, int row) {
    return angleDistance[hamming(codes, row)];
  }

  /** That of a binomial Hamming distance, as if signs of random directions were compared. */
  @Override
  public float deviationRow(MemorySegment codes, int row) {
    double dimension = quantizer.dimension();
    double share = (hamming(codes, row) + 0.5) / (dimension + 1);
    double ofShare = Math.sqrt(share * (1 - share) / dimension);
    return (float) (Math.PI * Math.sin(Math.PI * share) * ofShare);
  }
}
