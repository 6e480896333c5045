package io.firn.bench;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.data.Metric;
import io.firn.bench.data.NamedSets;
import io.firn.bench.data.OwnFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say what is searched: names, or own files. */
final class DataOptions {

  @Parameters(
      paramLabel = "NAME",
      showDefaultValue = Visibility.NEVER,
      description = "Data set: glove-100, mnist-784, wordnet-minilm-384, random-<rows>[k|m]-<dim>.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--base",
      description = "Own vectors: fvecs, bvecs, fbin, u8bin, i8bin, npy, hdf5.")
  @Nullable Path base;

  @Option(names = "--query", description = "Own queries; not with hdf5.")
  @Nullable Path query;

  @Option(
      names = "--truth",
      description = "True neighbours (ivecs, ibin, npy); computed if absent.")
  @Nullable Path truth;

  @Option(names = "--metric", description = "Of own data: cosine, dot or euclidean.")
  @Nullable String metric;

  /** The sets asked for, prepared. */
  List<DataSet> sets() throws IOException {
    if (base == null && (query != null || truth != null || metric != null)) {
      throw new IllegalArgumentException(
          "--query, --truth and --metric must come with --base but come without: named sets have their own. Add --base or leave them out.");
    }
    DataFolder folder = DataFolder.standard();
    List<DataSet> sets = new ArrayList<>();
    for (String name : names) {
      sets.add(new NamedSets(folder).get(name));
    }
    if (base != null) {
      sets.add(own(new OwnFiles(folder), base));
    }
    if (sets.isEmpty()) {
      throw new IllegalArgumentException(
          "data must be named or given by --base but is neither: there is nothing to search. Name one of "
              + NamedSets.names()
              + ".");
    }
    return sets;
  }

  private DataSet own(OwnFiles files, Path base) throws IOException {
    Metric chosen = metric == null ? null : Metric.named(metric);
    String name = base.toString();
    if (name.endsWith(".hdf5") || name.endsWith(".h5")) {
      if (query != null || truth != null) {
        throw new IllegalArgumentException(
            "--query and --truth must be left out with %s but are there: its queries are in it, and neighbours are computed. Leave them out."
                .formatted(base));
      }
      return files.ofHdf5(base, chosen);
    }
    if (query == null || chosen == null) {
      throw new IllegalArgumentException(
          "--base must come with --query and --metric but lacks one: queries and metric are not in a vector file. Add them.");
    }
    return files.of(base, query, truth, chosen);
  }
}
