package io.firn.bench.codes;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.OptimizedScalarQuantizer;
import org.apache.lucene.util.quantization.OptimizedScalarQuantizer.QuantizationResult;

/**
 * Rows coded by Lucene's optimized scalar quantizer around the mean of the rows, with its kernels
 * and the corrections its scorers apply. One bit is compared with a query of four bits, as in its
 * formats; other codes with a query of their own bits.
 */
final class LuceneCodes implements CodedRows {

  /** Interval, correction and component sum of a row in the format of Lucene 10.4 and later. */
  private static final int CORRECTION_BYTES = 16;

  private final OptimizedScalarQuantizer quantizer;
  private final Distance distance;
  private final int bits;
  private final int dimension;
  private final float[] centroid;
  private final byte[][] codes;
  private final QuantizationResult[] corrections;
  private final double encodedPerSecond;

  LuceneCodes(FloatRows rows, Distance distance, int bits) {
    this.distance = distance;
    this.bits = bits;
    this.dimension = rows.dimension();
    this.quantizer =
        new OptimizedScalarQuantizer(
            distance == Distance.SQUARED_L2
                ? VectorSimilarityFunction.EUCLIDEAN
                : VectorSimilarityFunction.DOT_PRODUCT);
    this.centroid = mean(rows);
    this.codes = new byte[rows.count()][];
    this.corrections = new QuantizationResult[rows.count()];
    encode(rows, Math.min(codes.length, FirnCodes.WARM_UP_ROWS));
    long start = CpuClock.nanos();
    encode(rows, codes.length);
    this.encodedPerSecond = 1e9 * codes.length / (CpuClock.nanos() - start);
  }

  private void encode(FloatRows rows, int count) {
    float[] row = new float[dimension];
    byte[] values = new byte[padded()];
    for (int i = 0; i < count; i++) {
      rows.copy(i, row);
      corrections[i] = quantizer.scalarQuantize(row, values, (byte) bits, centroid);
      codes[i] = packed(values);
    }
  }

  private int padded() {
    return Math.ceilDiv(dimension, 64) * 64;
  }

  private byte[] packed(byte[] values) {
    if (bits == 1) {
      byte[] packed = new byte[padded() / Byte.SIZE];
      OptimizedScalarQuantizer.packAsBinary(values, packed);
      return packed;
    }
    if (bits == 4) {
      byte[] packed = new byte[padded() / 2];
      for (int i = 0; i < packed.length; i++) {
        packed[i] = (byte) ((values[i] << 4) | values[i + packed.length]);
      }
      return packed;
    }
    return values.clone();
  }

  @Override
  public double bytesPerRow() {
    return codes[0].length + CORRECTION_BYTES;
  }

  @Override
  public double encodedPerSecond() {
    return encodedPerSecond;
  }

  @Override
  public void estimate(float[] query, float[] estimates) {
    int queryBits = bits == 1 ? 4 : bits;
    byte[] values = new byte[padded()];
    QuantizationResult own =
        quantizer.scalarQuantize(query.clone(), values, (byte) queryBits, centroid);
    byte[] asked = values;
    if (bits == 1) {
      asked = new byte[padded() / 2];
      OptimizedScalarQuantizer.transposeHalfByte(values, asked);
    }
    float step = (own.upperInterval() - own.lowerInterval()) / ((1 << queryBits) - 1);
    for (int i = 0; i < codes.length; i++) {
      estimates[i] = estimate(own, step, corrections[i], product(asked, codes[i]));
    }
  }

  private int product(byte[] asked, byte[] code) {
    return switch (bits) {
      case 1 -> (int) VectorUtil.int4BitDotProduct(asked, code);
      case 4 -> VectorUtil.int4DotProductSinglePacked(asked, code);
      default -> VectorUtil.uint8DotProduct(asked, code);
    };
  }

  private float estimate(
      QuantizationResult own, float ownStep, QuantizationResult row, int product) {
    float step = (row.upperInterval() - row.lowerInterval()) / ((1 << bits) - 1);
    float score =
        row.lowerInterval() * own.lowerInterval() * dimension
            + own.lowerInterval() * step * row.quantizedComponentSum()
            + row.lowerInterval() * ownStep * own.quantizedComponentSum()
            + step * ownStep * product;
    return distance == Distance.SQUARED_L2
        ? own.additionalCorrection() + row.additionalCorrection() - 2 * score
        : -(score + own.additionalCorrection() + row.additionalCorrection());
  }

  private static float[] mean(FloatRows rows) {
    double[] sum = new double[rows.dimension()];
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < rows.count(); i++) {
      rows.copy(i, row);
      for (int d = 0; d < row.length; d++) {
        sum[d] += row[d];
      }
    }
    for (int d = 0; d < row.length; d++) {
      row[d] = (float) (sum[d] / rows.count());
    }
    return row;
  }
}
