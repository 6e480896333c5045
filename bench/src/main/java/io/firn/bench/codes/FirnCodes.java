package io.firn.bench.codes;

import io.firn.quantization.FloatRows;
import io.firn.quantization.PreparedQuery;
import io.firn.quantization.Quantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Rows coded by a {@link Quantizer}. */
final class FirnCodes implements CodedRows {

  /** Rows encoded before encoding is timed. */
  static final int WARM_UP_ROWS = 65_536;

  private final MemorySegment codes;
  private final int count;
  private final double encodedPerSecond;
  private final PreparedQuery query;
  private final float[] estimates = new float[PreparedQuery.RESULT_CAPACITY];
  private final float[] deviations = new float[PreparedQuery.RESULT_CAPACITY];

  FirnCodes(Quantizer quantizer, FloatRows rows) {
    this.count = rows.count();
    this.codes = Arena.ofAuto().allocate(quantizer.codesBytes(count), 64);
    quantizer.encode(rows, 0, Math.min(count, WARM_UP_ROWS), codes);
    long start = CpuClock.nanos();
    quantizer.encode(rows, 0, count, codes);
    this.encodedPerSecond = 1e9 * count / (CpuClock.nanos() - start);
    this.query = quantizer.query();
  }

  @Override
  public double bytesPerRow() {
    return (double) codes.byteSize() / count;
  }

  @Override
  public double encodedPerSecond() {
    return encodedPerSecond;
  }

  @Override
  public void estimate(float[] vector, float[] all) {
    query.prepare(vector);
    for (int first = 0; first < count; first += Quantizer.BLOCK_ROWS) {
      int size = Math.min(Quantizer.BLOCK_ROWS, count - first);
      query.estimateBlock(codes, first / Quantizer.BLOCK_ROWS, size, estimates, deviations);
      System.arraycopy(estimates, 0, all, first, size);
    }
  }
}
