package io.firn.hnsw;

/**
 * The records of a sealed graph as one query sees them: per node one contiguous record with the
 * node's own code, its neighbours' ids, and the neighbours' codes. The only thing {@link
 * RecordSearcher} knows about vectors. For one thread.
 */
public interface NodeRecords {

  /** Nodes are {@code 0..size()-1}. */
  int size();

  /** Most records that {@link #touch} takes. */
  int TOUCHED = 4;

  /** Most candidates that {@link #ahead} takes. */
  int AHEAD = 8;

  /** True if {@link #ahead} wants to know: not all records are in memory. */
  boolean wantsAhead();

  /**
   * Is told the best candidates before they are touched: they are read together, and the last ones
   * while the first are computed with.
   *
   * @param count of nodes, 0..{@link #AHEAD}
   */
  void ahead(int[] nodes, int count);

  /**
   * Reads from every cache line of some records, so that their lines are on their way from memory
   * together.
   *
   * @param count of nodes, 1..{@link #TOUCHED}
   * @return anything that depends on what was read
   */
  int touch(int[] nodes, int count);

  /** Distance from the query to a node, from the node's own code. */
  float distance(int node);

  /**
   * Estimates the distances to all neighbours of a node and delivers those below a threshold.
   *
   * @param distance what {@link #distance} returned for the node
   * @param nodes receives the neighbours; long enough for a whole record
   * @param estimates receives their estimated distances
   * @return how many there are
   */
  int below(int node, float distance, float threshold, int[] nodes, float[] estimates);
}
