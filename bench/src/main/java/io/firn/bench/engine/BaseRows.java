package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import io.firn.cli.format.VectorSource;
import java.io.IOException;

/** Hands the base vectors of a set to a build. */
final class BaseRows {

  private BaseRows() {}

  /** Receives a row of the base. */
  @FunctionalInterface
  interface Sink {
    void accept(int id, float[] vector) throws IOException;
  }

  /** Calls {@code sink} for each row in order, with an array of its own each. */
  static void forEach(DataSet set, Sink sink) throws IOException {
    try (VectorSource source = VectorSource.open(set.base())) {
      float[] row = new float[source.dimension()];
      for (int id = 0; source.next(row); id++) {
        sink.accept(id, row.clone());
      }
    }
  }

  /** All rows in memory. */
  static float[][] all(DataSet set) throws IOException {
    float[][] rows = new float[set.baseCount()][];
    forEach(set, (id, vector) -> rows[id] = vector);
    return rows;
  }
}
