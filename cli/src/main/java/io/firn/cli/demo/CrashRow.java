package io.firn.cli.demo;

import io.firn.CollectionSpec;
import io.firn.Metadata;
import io.firn.Metric;
import io.firn.Row;
import java.util.SplittableRandom;

/** Rows that the crash proof writes: all of a row follows from its number, so it can be checked. */
final class CrashRow {

  static final String COLLECTION = "crash";
  static final CollectionSpec SPEC = CollectionSpec.of(64, Metric.EUCLIDEAN);

  private CrashRow() {}

  static Row of(long number) {
    var random = new SplittableRandom(number);
    var vector = new float[SPEC.dimension()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextDouble() - 0.5f;
    }
    return Row.of(number, vector, Metadata.of("number", number, "name", "row " + number));
  }
}
