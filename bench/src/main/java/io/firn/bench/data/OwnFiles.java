package io.firn.bench.data;

import io.firn.cli.format.IntListSource;
import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A set made of the caller's files. What is computed or converted is kept under a hash of the
 * files' bytes, so that it is never of other data.
 */
public final class OwnFiles {

  private static final int HASH_CHARACTERS = 16;

  private final DataFolder folder;

  /** Keeps computed truth in {@code folder}. */
  public OwnFiles(DataFolder folder) {
    this.folder = folder;
  }

  /**
   * Makes a set of vector files in any format of {@link VectorSource}.
   *
   * @param truth neighbours in a format of {@link IntListSource}, or null to compute them
   */
  public DataSet of(Path base, Path query, @Nullable Path truth, Metric metric) throws IOException {
    String hash = hash(metric, base, query);
    TruthFiles computed = TruthFiles.in(folder.of("own/" + hash));
    if (truth == null) {
      computed.compute(metric, base, query);
    }
    try (VectorSource rows = VectorSource.open(base);
        VectorSource queries = VectorSource.open(query)) {
      DataSet set =
          new DataSet(
              nameOf(base),
              metric,
              false,
              false,
              rows.dimension(),
              Math.toIntExact(rows.count()),
              Math.toIntExact(queries.count()),
              base,
              query,
              truth == null ? computed.ids() : truth,
              truth == null ? computed.distances() : null);
      checkTruth(set);
      return set;
    }
  }

  /** Makes a set of an ann-benchmarks HDF5 file; its metric is in its attributes. */
  public DataSet ofHdf5(Path file, @Nullable Metric metric) throws IOException {
    Preparation preparation =
        new Preparation(folder.of("own/" + hash(metric == null ? Metric.DOT : metric, file)));
    if (preparation.isDone()) {
      return preparation.read();
    }
    Metric found = Hdf5File.convert(file, preparation, metric);
    return preparation.finish(nameOf(file), found, false, false);
  }

  private static void checkTruth(DataSet set) throws IOException {
    try (IntListSource lists = IntListSource.open(set.truth())) {
      if (lists.count() != set.queryCount()) {
        throw new IllegalArgumentException(
            "truth %s must hold a list for each of %d queries but holds %d: the files do not belong together. Leave out --truth to compute it."
                .formatted(set.truth(), set.queryCount(), lists.count()));
      }
    }
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String hash(Metric metric, Path... files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(metric.word().getBytes(StandardCharsets.UTF_8));
      for (Path file : files) {
        digest.update(
            file.toString()
                .substring(file.toString().lastIndexOf('.') + 1)
                .getBytes(StandardCharsets.UTF_8));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
          in.transferTo(java.io.OutputStream.nullOutputStream());
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
