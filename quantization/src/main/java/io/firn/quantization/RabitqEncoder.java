package io.firn.quantization;

/**
 * The code of one rotated residual: RaBitQ (<a
 * href="https://arxiv.org/abs/2405.12497">arXiv:2405.12497</a>) at one bit, its multi-bit extension
 * (<a href="https://arxiv.org/abs/2409.09913">arXiv:2409.09913</a>) above. One thread; each {@link
 * #encode} replaces the last.
 *
 * <p>A code x of B bits stands for the direction x̄ = x - (2^B - 1)/2. The paper finds the code of
 * the best direction by a sweep over all scales at which some code changes. Here scales are tried
 * on a grid, the best is refined by bisection, and once more by the least-squares scale of its own
 * code; the squared error is then within 2 % of the sweep's, at a hundredth of the time.
 */
final class RabitqEncoder {

  /** Steps of the uniform quantizer of a Gaussian with least error (Max 1960), by bits. */
  private static final double[] GAUSSIAN_STEP = {
    0, 0, 0.9957, 0.5860, 0.3352, 0.1881, 0.1041, 0.0569, 0.0308
  };

  private final ResidualKernel kernel = ResidualKernel.choose();
  private final int length;
  private final int bits;
  private final int largest;
  private final float[] lanes = new float[3 * ResidualKernel.LANES];
  private final int[] codes;

  private double bestQuality;
  private double bestScale;
  private double bestCentre;
  private double squaredNorm;
  private double product;
  private double codeSquares;

  /**
   * @param length floats of a residual, a multiple of 64
   * @param bits 1..8
   */
  RabitqEncoder(int length, int bits) {
    this.length = length;
    this.bits = bits;
    this.largest = (1 << (bits - 1)) - 1;
    this.codes = new int[length];
  }

  /** Finds the code of a residual. */
  void encode(float[] residual) {
    kernel.sum(residual, length, lanes);
    squaredNorm = lanesSum(1);
    if (bits == 1) {
      product = 0.5 * lanesSum(0);
      codeSquares = 0.25 * length;
      kernel.assign(residual, length, 0, 0, codes);
      return;
    }
    double scale = squaredNorm == 0 ? 0 : bestScale(residual, lanesLargest());
    kernel.measure(residual, length, (float) scale, largest, lanes);
    product = lanesSum(0);
    codeSquares = lanesSum(1);
    kernel.assign(residual, length, (float) scale, largest, codes);
  }

  private double bestScale(float[] residual, double largestMagnitude) {
    double gaussian = Math.sqrt(length / squaredNorm) / GAUSSIAN_STEP[bits];
    double unclipped = (largest + 1) / largestMagnitude;
    double low = bits <= 4 ? 0.72 * gaussian : 0.78 * gaussian;
    double high =
        bits <= 4 ? 1.35 * gaussian : Math.clamp(1.04 * unclipped, 1.25 * gaussian, 2 * gaussian);
    int points = bits <= 4 ? 6 : bits <= 6 ? 16 : bits == 7 ? 32 : 64;
    int bisections = bits <= 4 ? 3 : 5;
    bestQuality = -1;
    double factor = Math.pow(high / low, 1.0 / (points - 1));
    double scale = low;
    for (int i = 0; i < points; i++, scale *= factor) {
      attempt(residual, scale);
    }
    for (int i = 0; i < bisections; i++) {
      factor = Math.sqrt(factor);
      double middle = bestScale;
      attempt(residual, middle * factor);
      attempt(residual, middle / factor);
    }
    attempt(residual, bestCentre); // the scale at which the best code is itself best
    return bestScale;
  }

  private void attempt(float[] residual, double scale) {
    kernel.measure(residual, length, (float) scale, largest, lanes);
    double found = lanesSum(0);
    double squares = lanesSum(1);
    double quality = found * found / squares;
    if (quality > bestQuality) {
      bestQuality = quality;
      bestScale = scale;
      bestCentre = squares / found;
    }
  }

  private double lanesSum(int which) {
    double sum = 0;
    for (int i = 0; i < ResidualKernel.LANES; i++) {
      sum += lanes[which * ResidualKernel.LANES + i];
    }
    return sum;
  }

  private float lanesLargest() {
    float largestLane = 0;
    for (int i = 2 * ResidualKernel.LANES; i < lanes.length; i++) {
      largestLane = Math.max(largestLane, lanes[i]);
    }
    return largestLane;
  }

  /** The codes, each in 0..2^bits-1. */
  int[] codes() {
    return codes;
  }

  /** Writes the codes as bit planes, the most significant first. */
  void putPlanes(long[] planes, int at) {
    for (int plane = 0; plane < bits; plane++) {
      kernel.plane(codes, length, bits - 1 - plane, planes, at + plane * (length / Long.SIZE));
    }
  }

  /** ‖r‖². */
  double squaredNorm() {
    return squaredNorm;
  }

  /** ‖r‖² / ⟨r, x̄⟩: what ⟨x̄, y⟩ is multiplied with to estimate ⟨r, y⟩; 0 for a zero residual. */
  double rescale() {
    return product == 0 ? 0 : squaredNorm / product;
  }

  /**
   * Standard deviation of the estimate of ⟨r, y⟩ for ‖y‖ = 1 under a random rotation: ‖r‖ tan∠(r,
   * x̄) / √(length - 1).
   */
  double deviation() {
    if (product == 0) {
      return 0;
    }
    double tangentSquared = squaredNorm * codeSquares / (product * product) - 1;
    return Math.sqrt(squaredNorm * Math.max(0, tangentSquared) / (length - 1));
  }
}
