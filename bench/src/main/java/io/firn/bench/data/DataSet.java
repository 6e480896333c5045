package io.firn.bench.data;

import io.firn.cli.format.IntListSource;
import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set ready to be measured: files, and what the rows of a report say about them.
 *
 * @param name as on the command line
 * @param synthetic true if no real thing is behind the numbers; every table says so
 * @param unitLength true if base and queries are normalised
 * @param base file of the searched vectors; row number is id
 * @param query file of the query vectors
 * @param truth file of each query's nearest ids, nearest first, at most {@link GroundTruth#DEPTH}
 * @param truthDistances file of their distances, or null if the truth came from elsewhere
 */
public record DataSet(
    String name,
    Metric metric,
    boolean synthetic,
    boolean unitLength,
    int dimension,
    int baseCount,
    int queryCount,
    Path base,
    Path query,
    Path truth,
    @Nullable Path truthDistances) {

  /** Name of a set as tables print it. */
  public String label() {
    return synthetic ? name + " (synthetic)" : name;
  }

  /** All queries, in memory. */
  public float[][] queries() throws IOException {
    return readVectors(query);
  }

  /** The nearest ids of each query. */
  public int[][] truthIds() throws IOException {
    List<int[]> lists = new ArrayList<>();
    try (IntListSource source = IntListSource.open(truth)) {
      int[] list = new int[source.width()];
      while (source.next(list)) {
        lists.add(list.clone());
      }
    }
    return lists.toArray(int[][]::new);
  }

  /** The distances belonging to {@link #truthIds}, or null if unknown. */
  public float @Nullable [][] truthDistanceLists() throws IOException {
    return truthDistances == null ? null : readVectors(truthDistances);
  }

  private static float[][] readVectors(Path file) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try (VectorSource source = VectorSource.open(file)) {
      float[] row = new float[source.dimension()];
      while (source.next(row)) {
        rows.add(row.clone());
      }
    }
    return rows.toArray(float[][]::new);
  }
}
