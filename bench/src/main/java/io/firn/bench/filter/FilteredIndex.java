package io.firn.bench.filter;

import java.io.Closeable;
import java.io.IOException;

/**
 * An engine with vectors and one number per row, asked for the rows whose number is below a bound.
 */
interface FilteredIndex extends Closeable {

  /** Name in the table. */
  String name();

  /** Searches; returns the ids of at most ten rows, nearest first. */
  int[] search(float[] query, int candidates, long below) throws IOException;

  /** How the engine says that it searches. */
  default Planned planned(float[][] queries, int candidates, long below) {
    return Planned.NOTHING;
  }

  /**
   * What an engine says.
   *
   * @param plan that it chose for most queries, empty if it tells none
   * @param estimatedMicros that it expected a search to take, the median of many
   * @param micros that those searches took, the median
   */
  record Planned(String plan, double estimatedMicros, double micros) {
    static final Planned NOTHING = new Planned("", 0, 0);
  }
}
