package io.firn.bench;

/** Refuses option values out of range, by the house formula. */
final class Checks {

  private Checks() {}

  static void range(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be %d..%d but is %d: nothing else can be measured. Choose a value in the range."
              .formatted(option, min, max, value));
    }
  }

  static void seconds(String option, double value) {
    if (!(value > 0 && value <= 3_600)) {
      throw new IllegalArgumentException(
          "%s must be above 0 and at most 3600 but is %s: a speed needs time. Choose a value in the range."
              .formatted(option, value));
    }
  }

  static void share(String option, double value, double max) {
    if (!(value >= 0 && value <= max)) {
      throw new IllegalArgumentException(
          "%s must be 0..%s but is %s: it is a share. Choose a value in the range."
              .formatted(option, max, value));
    }
  }
}
