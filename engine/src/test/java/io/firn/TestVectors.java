package io.firn;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random vectors from a given generator, so that a printed seed brings them back. */
final class TestVectors {

  private TestVectors() {}

  static float[] random(Random random, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /** Rows with ids 0.. around a few centres, as real embeddings lie. */
  static List<Row> clustered(Random random, int count, int dimension) {
    var centres = new ArrayList<float[]>();
    for (int i = 0; i < 20; i++) {
      centres.add(random(random, dimension));
    }
    var rows = new ArrayList<Row>(count);
    for (int id = 0; id < count; id++) {
      float[] centre = centres.get(random.nextInt(centres.size()));
      float[] vector = random(random, dimension);
      for (int i = 0; i < dimension; i++) {
        vector[i] = centre[i] + 0.4f * vector[i];
      }
      rows.add(Row.of(id, vector));
    }
    return rows;
  }
}
