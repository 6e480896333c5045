package io.firn.bench.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Files of ann-benchmarks: matrices {@code train} and {@code test}, attribute {@code distance}. The
 * neighbours in the file are not used: ours carry distances, which decide ties.
 */
final class Hdf5File {

  private static final int SLICE_FLOATS = 1 << 22;

  private Hdf5File() {}

  /** Writes base and queries; returns the metric asked for, else the file's. */
  static Metric convert(Path file, Preparation preparation, @Nullable Metric asked)
      throws IOException {
    try (HdfFile hdf = new HdfFile(file)) {
      Metric metric = asked == null ? metric(hdf, file) : asked;
      copy(hdf.getDatasetByPath("train"), preparation.base());
      copy(hdf.getDatasetByPath("test"), preparation.query());
      return metric;
    } catch (RuntimeException e) { // jhdf has no checked exceptions for damaged files
      throw new IOException(
          "%s must be an ann-benchmarks HDF5 file but is not readable as one: %s. Fetch it again."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Metric metric(HdfFile hdf, Path file) {
    Attribute distance = hdf.getAttribute("distance");
    String name = distance == null ? "none" : String.valueOf(distance.getData());
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "angular" -> Metric.COSINE;
      case "euclidean" -> Metric.EUCLIDEAN;
      case "dot", "ip" -> Metric.DOT;
      default ->
          throw new IllegalArgumentException(
              "distance in %s must be angular, euclidean or dot but is '%s': others are not measured. Pass --metric."
                  .formatted(file, name));
    };
  }

  private static void copy(Dataset matrix, Path into) throws IOException {
    int[] shape = matrix.getDimensions();
    int rows = shape[0];
    int width = shape[1];
    int sliceRows = Math.max(1, SLICE_FLOATS / width);
    try (BinWriter writer = new BinWriter(into, width)) {
      for (int from = 0; from < rows; from += sliceRows) {
        int count = Math.min(sliceRows, rows - from);
        Object slice = matrix.getData(new long[] {from, 0}, new int[] {count, width});
        for (Object row : (Object[]) slice) {
          writer.write(floats(row));
        }
      }
    }
  }

  private static float[] floats(Object row) {
    return switch (row) {
      case float[] floats -> floats;
      case double[] doubles -> {
        float[] rounded = new float[doubles.length];
        for (int i = 0; i < rounded.length; i++) {
          rounded[i] = (float) doubles[i];
        }
        yield rounded;
      }
      default ->
          throw new IllegalArgumentException(
              "numbers must be float or double but are %s: vectors are real numbers. Convert the file."
                  .formatted(row.getClass().getSimpleName()));
    };
  }
}
