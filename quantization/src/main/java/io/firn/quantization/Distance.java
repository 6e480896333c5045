package io.firn.quantization;

/** What an estimate estimates; smaller is nearer in all of them. */
public enum Distance {
  /** Squared Euclidean distance, 0 or more. */
  SQUARED_L2(0),
  /** The negated inner product. */
  INNER_PRODUCT(1),
  /** One minus the cosine, 0 to 2; 1 where a vector has no length. */
  COSINE(2);

  private final int code;

  Distance(int code) {
    this.code = code;
  }

  /** The distance itself, in double precision. */
  double between(float[] a, float[] b) {
    double product = 0;
    double aSquares = 0;
    double bSquares = 0;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      product += (double) a[i] * b[i];
      aSquares += (double) a[i] * a[i];
      bSquares += (double) b[i] * b[i];
      squares += difference * difference;
    }
    double norms = Math.sqrt(aSquares * bSquares);
    return switch (this) {
      case SQUARED_L2 -> squares;
      case INNER_PRODUCT -> -product;
      case COSINE -> norms == 0 ? 1 : 1 - product / norms;
    };
  }

  /** Its number in stored quantizers. */
  int code() {
    return code;
  }

  /**
   * @throws CorruptQuantizerException if no distance has this number
   */
  static Distance ofCode(int code) {
    for (Distance distance : values()) {
      if (distance.code == code) {
        return distance;
      }
    }
    throw new CorruptQuantizerException("distance", "0, 1 or 2", code);
  }
}
