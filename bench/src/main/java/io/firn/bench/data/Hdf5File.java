package io.firn.bench.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Files of ann-benchmarks: matrices {@code train} and {@code test}, attribute {@code distance}. The
 * neighbours in the file are not used: ours carry distances, which decide ties.
 */
final class Hdf5File {

  private Hdf5File() {}

  /**
   * Writes base and queries; returns the metric asked for, else the file's.
   *
   * @throws IllegalArgumentException if no metric is asked for and the file's is not one of ours
   */
  static Metric convert(Path file, Preparation preparation, @Nullable Metric asked)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Hdf5Outline outline = Hdf5Outline.read(channel, file);
      Metric metric = asked == null ? metric(outline.distance(), file) : asked;
      outline.train().copy(channel, preparation.base());
      outline.test().copy(channel, preparation.query());
      return metric;
    }
  }

  private static Metric metric(String distance, Path file) {
    return switch (distance.toLowerCase(Locale.ROOT)) {
      case "angular" -> Metric.COSINE;
      case "euclidean" -> Metric.EUCLIDEAN;
      case "dot", "ip" -> Metric.DOT;
      default ->
          throw new IllegalArgumentException(
              "distance in %s must be angular, euclidean or dot but is '%s': others are not measured. Pass --metric."
                  .formatted(file, distance));
    };
  }
}
