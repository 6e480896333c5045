package io.firn.search;

/**
 * What share of the true results searches for about k rows find, by their candidates, as seen in
 * the latest queries that were checked against all rows. Thread-safe.
 */
final class RecallCurve {

  /**
   * Candidates for each result; between two of them the curve is taken to be straight. Fewer than
   * results are enough where rows are found easily: a walk returns what it came by.
   */
  private static final double[] WIDTHS = {
    0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.7, 2, 2.3, 2.7, 3.1, 3.6, 4.2, 5, 6, 7, 8.5,
    10, 12, 14, 17, 20, 24, 28, 34, 40, 48, 57, 64
  };

  /** Checked queries that are kept. */
  private static final int SAMPLES = 2_048;

  /** So many are checked without long pauses, and more while the margin is above {@link #SURE}. */
  static final int LEAST = 512;

  /** A margin that is small enough: what is asked for is to be met within a hundredth. */
  private static final double SURE = 0.0075;

  /** Before there are so many, the curve says nothing. */
  private static final int MIN_SAMPLES = 100;

  /** Checked queries that are compared with those before them, once there are {@link #LEAST}. */
  private static final int LATEST = 64;

  /** By how many standard errors they differ where queries of another kind are asked now. */
  private static final double DRIFT = 4;

  /** A collection that grew or shrank by more than a fifth is another one. */
  private static final int RESHAPED_PART = 5;

  private final float[][] samples = new float[SAMPLES][]; // guarded by this, as what follows
  private int count;
  private int next;
  private int sinceReshaped;
  private long rows;
  private int segments;

  /** Average recall by width, ascending; empty if too little is known. */
  private volatile double[] means = {};

  /** How many widths there are. */
  static int size() {
    return WIDTHS.length;
  }

  /** The candidates of a width. */
  static int ef(int width, int k) {
    return (int) Math.max(1, Math.round(k * WIDTHS[width]));
  }

  /**
   * Takes the result of a check.
   *
   * @param recalls share of the true results found at each width
   * @param nowRows rows alive in the collection that was searched
   * @param nowSegments its segments
   */
  synchronized void add(float[] recalls, long nowRows, int nowSegments) {
    if (nowSegments != segments || Math.abs(nowRows - rows) * RESHAPED_PART > rows) {
      rows = nowRows;
      segments = nowSegments;
      sinceReshaped = 0;
    }
    samples[next] = recalls;
    next = (next + 1) % SAMPLES;
    count = Math.min(count + 1, SAMPLES);
    sinceReshaped++;
    if (count >= LEAST && drifted()) {
      keepLatest();
    }
    if (count >= MIN_SAMPLES) {
      means = means();
    }
  }

  /** True if the latest queries are clearly easier or harder than those before, over all widths. */
  private boolean drifted() {
    double latest = 0;
    double before = 0;
    double squares = 0;
    for (int age = 1; age <= count; age++) {
      double ease = 0;
      for (float recall : sample(age)) {
        ease += recall;
      }
      ease /= WIDTHS.length;
      squares += ease * ease;
      if (age > LATEST) {
        before += ease;
      } else {
        latest += ease;
      }
    }
    double mean = (before + latest) / count;
    double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
    double difference = Math.abs(latest / LATEST - before / (count - LATEST));
    return difference > DRIFT * deviation / Math.sqrt(LATEST);
  }

  /** The latest has age 1. */
  private float[] sample(int age) {
    return samples[(next - age + SAMPLES) % SAMPLES];
  }

  /** Forgets what speaks of other queries; the curve stays until enough is known of these. */
  private void keepLatest() {
    float[][] latest = new float[LATEST][];
    for (int i = 0; i < LATEST; i++) {
      latest[i] = sample(LATEST - i);
    }
    System.arraycopy(latest, 0, samples, 0, LATEST);
    count = LATEST;
    next = LATEST;
    sinceReshaped = LATEST;
  }

  private double[] means() {
    double[] result = new double[WIDTHS.length];
    for (int width = 0; width < result.length; width++) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += samples[i][width];
      }
      result[width] = Math.max(sum / count, width == 0 ? 0 : result[width - 1]);
    }
    return result;
  }

  /**
   * True if too few queries were checked since the collection took its shape, and its queries
   * theirs.
   *
   * @param margin of the recall that is asked for
   */
  synchronized boolean hungry(double margin) {
    return sinceReshaped < LEAST || (sinceReshaped < SAMPLES && margin > SURE);
  }

  /**
   * Fewest candidates that should find the share asked for, between two numbers where searches with
   * the one and with the other find it on average; 0 if too little is known.
   */
  double candidates(int k, double recall) {
    double[] known = means;
    if (known.length == 0) {
      return 0;
    }
    if (known[0] >= recall) {
      return ef(0, k);
    }
    for (int width = 1; width < known.length; width++) {
      if (known[width] >= recall) {
        double part = (recall - known[width - 1]) / (known[width] - known[width - 1]);
        int from = ef(width - 1, k);
        return from + part * (ef(width, k) - from);
      }
    }
    return ef(WIDTHS.length - 1, k);
  }

  /**
   * What is known of searches with a number of candidates.
   *
   * @param recall average share of the true results found
   * @param margin of that average, on either side, in 19 of 20 cases
   * @param samples queries checked
   */
  record Estimate(double recall, double margin, int samples) {}

  synchronized Estimate estimate(int k, double ef) {
    int upper = 0;
    while (upper < WIDTHS.length - 1 && ef(upper, k) < ef) {
      upper++;
    }
    int lower = Math.max(0, upper - 1);
    int span = ef(upper, k) - ef(lower, k);
    double part = span == 0 ? 1 : Math.clamp((ef - ef(lower, k)) / span, 0, 1);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double recall = samples[i][lower] + part * (samples[i][upper] - samples[i][lower]);
      sum += recall;
      squares += recall * recall;
    }
    double mean = count == 0 ? 0 : sum / count;
    double variance = count < 2 ? 1 : Math.max(0, squares - sum * mean) / (count - 1);
    return new Estimate(mean, 1.96 * Math.sqrt(variance / Math.max(1, count)), count);
  }
}
