package io.firn.bench.data;

import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** The files that hold a set's exact neighbours: ids and distances, a row for each query. */
record TruthFiles(Path ids, Path distances) {

  static TruthFiles in(Path folder) {
    return new TruthFiles(folder.resolve("truth.ibin"), folder.resolve("truth-distances.fbin"));
  }

  /** Computes the neighbours unless both files are there. */
  void compute(Metric metric, Path base, Path query) throws IOException {
    if (Files.exists(ids) && Files.exists(distances)) {
      return;
    }
    float[][] queries = read(query);
    NearestList[] nearest;
    try (VectorSource rows = VectorSource.open(base);
        ProgressBar bar = Preparation.bar("exact neighbours", rows.count())) {
      checkSameDimension(rows.dimension(), queries, query);
      nearest = GroundTruth.of(metric, rows, queries, bar::stepTo);
    }
    int width = nearest[0].ids().length;
    try (BinWriter idWriter = new BinWriter(ids, width);
        BinWriter distanceWriter = new BinWriter(distances, width)) {
      for (NearestList list : nearest) {
        idWriter.write(list.ids());
        distanceWriter.write(list.distances());
      }
    }
  }

  private static void checkSameDimension(int dimension, float[][] queries, Path file) {
    if (queries.length == 0 || queries[0].length != dimension) {
      throw new IllegalArgumentException(
          "queries of %s must have dimension %d but have %d: base and queries are of one space. Pass matching files."
              .formatted(file, dimension, queries.length == 0 ? 0 : queries[0].length));
    }
  }

  private static float[][] read(Path query) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try (VectorSource source = VectorSource.open(query)) {
      float[] row = new float[source.dimension()];
      while (source.next(row)) {
        rows.add(row.clone());
      }
    }
    return rows.toArray(float[][]::new);
  }
}
