package io.firn.search;

import io.firn.hnsw.Graph;
import io.firn.hnsw.NodeScorer;
import java.util.OptionalLong;

/**
 * Rows of one collection with a graph over them. An ordinal is a row's dense place in its segment;
 * its row number is its name in the collection for all time.
 */
public sealed interface Segment permits FreshSegment, SealedSegment {

  /** Rows in the segment now; a {@link SegmentView} says how many of them a snapshot may see. */
  int size();

  int rowNumber(int ordinal);

  /** The ordinal of a row number, or -1 if the row is not here. */
  int ordinalOf(int rowNumber);

  Rows rows();

  Graph graph();

  /**
   * Distances from a padded query to nodes of {@link #graph}. May be estimates, see {@link
   * #estimates}. For one thread.
   */
  NodeScorer scorer(float[] query);

  /** True if {@link #scorer} estimates, so that results must be ranked again by their rows. */
  boolean estimates();

  /** Bytes in memory that this process allocated for the segment, and bytes of its files. */
  long memoryBytes();

  long diskBytes();

  /** Number of the segment's files, if it has any. */
  OptionalLong segmentId();

  /** Its successor is committed: {@link #release} deletes its files too. */
  void supersede();

  /** Frees what the segment owns. Called once, when no snapshot holds it any more. */
  void release();
}
