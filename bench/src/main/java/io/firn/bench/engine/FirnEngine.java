package io.firn.bench.engine;

import io.firn.BulkLoad;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Firn;
import io.firn.Metric;
import io.firn.Options;
import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;

/** Firn through its public API: a bulk load, then one optimized segment. */
final class FirnEngine implements AnnEngine {

  static final String COLLECTION = "bench";

  @Override
  public String name() {
    return "firn";
  }

  @Override
  public String version() {
    return LibraryVersion.of(Firn.class);
  }

  @Override
  public Parameters defaults(DataSet set) {
    CollectionSpec spec = CollectionSpec.of(set.dimension(), metric(set));
    return Parameters.of("m", spec.m(), "efConstruction", spec.efConstruction());
  }

  @Override
  public void build(DataSet set, Parameters parameters, Path folder, int threads)
      throws IOException {
    CollectionSpec spec =
        CollectionSpec.of(set.dimension(), metric(set))
            .withIndex(parameters.integer("m"), parameters.integer("efConstruction"));
    try (Database db = Firn.open(folder.resolve("db"), Options.DEFAULT)) {
      io.firn.Collection rows = db.collection(COLLECTION, spec);
      try (BulkLoad load = rows.bulk()) {
        BaseRows.forEach(set, load::add);
        load.commit();
      }
      rows.optimize(); // if the rows became several segments
    }
  }

  @Override
  public AnnIndex open(DataSet set, Parameters parameters, Path folder) {
    return new FirnIndex(Firn.open(folder.resolve("db")));
  }

  static Metric metric(DataSet set) {
    return switch (set.metric()) {
      case COSINE -> Metric.COSINE;
      case DOT -> Metric.DOT;
      case EUCLIDEAN -> Metric.EUCLIDEAN;
    };
  }
}
