package io.firn.quantization;

import io.firn.simd.BlockScan;
import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import io.firn.simd.ScanLimits;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One query against {@link RabitqBlocks}. Reusable; one thread. */
final class RabitqBlockEstimates implements RabitqEstimates {

  private static final int ROWS = Quantizer.BLOCK_ROWS;

  private final RabitqBlocks layout;
  private final CodeQuery query;
  private final @Nullable BlockScan scan;
  private final ScanLimits limits = new ScanLimits();
  private final float[] weights = new float[ScanLimits.MARGINS];
  private final int[] ids = new int[CodeBlock.RESULT_CAPACITY];
  private final float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
  private final float[] deviations = new float[CodeBlock.RESULT_CAPACITY];
  private float constant;
  private float norm;
  private float largestProduct;
  private float tableDeviation;
  private float constantSlack;

  RabitqBlockEstimates(RabitqBlocks layout) {
    this.layout = layout;
    this.query = new CodeQuery(layout.block().dimension());
    this.scan = layout.scan();
  }

  @Override
  public void prepare(float[] rotated, float constant, float norm) {
    query.prepare(rotated);
    this.constant = constant;
    this.norm = norm;
    int largestLevel = (1 << layout.block().bits()) - 1;
    this.largestProduct = (float) (0.5 * largestLevel * Math.sqrt(rotated.length) * norm);
    this.constantSlack = (float) (FLOAT_ROUNDING * Math.abs(constant));
    this.tableDeviation = (float) tableDeviation(rotated, layout.block().bits());
  }

  /** Of ⟨x̄, y⟩ by the rounding of the query's table, whose entries have 6 bits. */
  private static double tableDeviation(float[] rotated, int bits) {
    float range = 0;
    for (int i = 0; i < rotated.length; i += 4) {
      float group = Math.abs(rotated[i]) + Math.abs(rotated[i + 1]);
      range = Math.max(range, group + Math.abs(rotated[i + 2]) + Math.abs(rotated[i + 3]));
    }
    double planes = ((1 << (2 * bits)) - 1) / 3.0; // Σ 4^plane
    return range / 63 * Math.sqrt(rotated.length / 48.0 * planes);
  }

  @Override
  public float estimate(MemorySegment codes, int row) {
    estimateBlock(codes, row / ROWS, ROWS, estimates, deviations);
    return estimates[row % ROWS];
  }

  @Override
  public float deviation(MemorySegment codes, int row) {
    long at = layout.at(row / ROWS);
    float own = RabitqBlocks.deviation(codes, at, row % ROWS);
    return withRounding(own, tableNoise(codes, at), slack(codes, at));
  }

  @Override
  public void estimateBlock(
      MemorySegment codes, int index, int count, float[] distances, float[] spreads) {
    long at = layout.at(index);
    int found =
        layout.block().below(codes, at, query, constant, Float.POSITIVE_INFINITY, ids, distances);
    float noise = tableNoise(codes, at);
    float slack = slack(codes, at);
    for (int i = 0; i < found; i++) {
      spreads[i] = withRounding(RabitqBlocks.deviation(ids[i]), noise, slack);
    }
  }

  @Override
  public int below(
      MemorySegment codes,
      int index,
      int count,
      float threshold,
      float width,
      int[] found,
      float[] distances,
      float[] spreads) {
    long at = layout.at(index);
    float noise = tableNoise(codes, at);
    float slack = slack(codes, at);
    float largest = RabitqBlocks.largestDeviation(codes, at);
    float reach = threshold + width * (largest * norm + noise + slack);
    int near = layout.block().below(codes, at, query, constant, reach, ids, distances);
    int kept = 0;
    for (int i = 0; i < near; i++) {
      float spread = withRounding(RabitqBlocks.deviation(ids[i]), noise, slack);
      int place = ids[i] & (ROWS - 1); // in range and of a row that exists, if damaged too
      if (distances[i] - width * spread < threshold && place < count) {
        found[kept] = place;
        distances[kept] = distances[i];
        spreads[kept++] = spread;
      }
    }
    return kept;
  }

  @Override
  public int next(MemorySegment codes, int from, int end, float threshold, float width) {
    if (scan == null) {
      return from;
    }
    // the reach of below, as weights of what a block has at its margins
    weights[0] = width * norm;
    weights[1] = width;
    weights[2] = width * largestProduct;
    weights[3] = width * tableDeviation;
    limits.weights(weights);
    limits.threshold(threshold + width * constantSlack);
    return scan.next(codes, from, end, query, constant, limits);
  }

  private float withRounding(float deviation, float noise, float slack) {
    float own = deviation * norm;
    return (float) Math.sqrt(own * own + noise * noise) + slack;
  }

  private float tableNoise(MemorySegment codes, long at) {
    return RabitqBlocks.largestRescale(codes, at) * tableDeviation;
  }

  private float slack(MemorySegment codes, long at) {
    return RabitqBlocks.slack(codes, at)
        + RabitqBlocks.productSlack(codes, at) * largestProduct
        + constantSlack;
  }
}
