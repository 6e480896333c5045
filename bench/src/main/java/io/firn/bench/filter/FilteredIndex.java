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

  /** How the engine says that it searched, or nothing. */
  String plan(float[] query, int candidates, long below);
}
