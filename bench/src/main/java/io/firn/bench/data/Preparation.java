package io.firn.bench.data;

import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Turns rows into the files of a {@link DataSet}, once; what is there already is kept. */
final class Preparation {

  private static final String DESCRIPTION = "dataset.json";

  private final Path folder;

  Preparation(Path folder) {
    this.folder = folder;
  }

  Path base() {
    return folder.resolve("base.fbin");
  }

  Path query() {
    return folder.resolve("query.fbin");
  }

  /** True if an earlier preparation came to its end. */
  boolean isDone() {
    return Files.exists(folder.resolve(DESCRIPTION));
  }

  DataSet read() {
    return DataSetFile.read(folder.resolve(DESCRIPTION));
  }

  /** Writes all rows of {@code source}, or those {@code chosen}, to {@code file}. */
  void write(String task, RowSource source, int dimension, Path file, int count, BitSet chosen)
      throws IOException {
    try (BinWriter writer = new BinWriter(file, dimension);
        ProgressBar bar = bar(task, count)) {
      int[] at = {0};
      source.forEach(row -> {
        if (chosen.get(at[0]++)) {
          writer.write(row);
          bar.step();
        }
      });
    }
  }

  /** Splits {@code source} into {@code queries} queries and the rest, the base. */
  void split(String task, RowSource source, int dimension, int count, int queries)
      throws IOException {
    BitSet asked = QuerySplit.choose(count, queries);
    try (BinWriter base = new BinWriter(base(), dimension);
        BinWriter query = new BinWriter(query(), dimension);
        ProgressBar bar = bar(task, count)) {
      int[] at = {0};
      source.forEach(row -> {
        if (at[0] < count) {
          (asked.get(at[0]++) ? query : base).write(row);
          bar.step();
        }
      });
    }
  }

  /** Computes the truth and writes the description, after which the set is done. */
  DataSet finish(String name, Metric metric, boolean synthetic, boolean unitLength)
      throws IOException {
    TruthFiles truth = TruthFiles.in(folder);
    truth.compute(metric, base(), query());
    try (VectorSource base = VectorSource.open(base());
        VectorSource query = VectorSource.open(query())) {
      DataSet set =
          new DataSet(
              name,
              metric,
              synthetic,
              unitLength,
              base.dimension(),
              (int) base.count(),
              (int) query.count(),
              base(),
              query(),
              truth.ids(),
              truth.distances());
      DataSetFile.write(set, folder.resolve(DESCRIPTION));
      return set;
    }
  }

  static ProgressBar bar(String task, long max) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(max)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1000)
        .build();
  }
}
