package io.firn.bench.engine;

import java.io.Closeable;
import java.io.IOException;

/** Asks an index, on one thread. */
public interface AnnSearcher extends Closeable {

  /**
   * Finds the nearest rows.
   *
   * @param knob how hard to search: the engine's own parameter that trades speed for recall, at
   *     least {@code k}
   * @param ids receives the rows' numbers in the base, nearest first; at least {@code k} places
   * @return how many were found; {@code k}, if the set has as many
   */
  int search(float[] query, int k, int knob, int[] ids) throws IOException;
}
