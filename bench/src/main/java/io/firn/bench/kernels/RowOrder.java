package io.firn.bench.kernels;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Which rows the next invocation reads. */
@State(Scope.Thread)
public class RowOrder {

  /** Rows of an invocation. */
  static final int BATCH = 64;

  /** Many times the rows that the last cache could hold. */
  private static final int ORDER = 1 << 20;

  /** Dimensions of a row. */
  @Param({"100", "128", "384", "768", "784", "1536"})
  public int dimension;

  /** Where the rows are. */
  @Param({"CACHE", "MEMORY"})
  public Place place = Place.CACHE;

  /** Row numbers, read by batches. */
  final int[] rows = new int[ORDER];

  /** Start of the next batch. */
  int at;

  /** Draws the order. */
  @Setup(Level.Trial)
  public void draw() {
    var random = new SplittableRandom(20261120);
    int count = place.rows(dimension);
    for (int i = 0; i < ORDER; i++) {
      rows[i] = random.nextInt(count);
    }
  }

  int next() {
    int from = at;
    at = (at + BATCH) & (ORDER - 1);
    return from;
  }
}
