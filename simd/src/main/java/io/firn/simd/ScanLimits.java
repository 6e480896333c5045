package io.firn.simd;

/**
 * What a {@link BlockScan} compares estimates with. An estimate is near if it is less than
 *
 * <pre>
 *   threshold + weights[0] * margins[0] + … + weights[3] * margins[3]
 * </pre>
 *
 * with the four margins of its block: what estimates of the block may be off by, in units that the
 * weights know. Reusable and not safe for several threads.
 */
public final class ScanLimits {

  /** Margins of a block, and weights. */
  public static final int MARGINS = 4;

  /** Scratch of kernels that keep sums in memory. */
  final int[] sums = new int[CodeBlock.RESULT_CAPACITY];

  final float[] estimates = new float[CodeBlock.RESULT_CAPACITY];

  private final float[] weights = new float[MARGINS];
  private float threshold = Float.NEGATIVE_INFINITY;

  /** Creates limits that nothing is within. */
  public ScanLimits() {}

  /**
   * Sets the weights of the margins, {@value #MARGINS} of them.
   *
   * @param weights copied
   */
  public void weights(float[] weights) {
    System.arraycopy(weights, 0, this.weights, 0, MARGINS);
  }

  /** Sets the threshold, which sinks as nearer rows are found. */
  public void threshold(float threshold) {
    this.threshold = threshold;
  }

  float threshold() {
    return threshold;
  }

  float weight(int margin) {
    return weights[margin];
  }
}
