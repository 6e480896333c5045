package io.firn.hnsw;

/**
 * The records of a sealed graph as one query sees them: per node one contiguous record with the
 * node's own code, its neighbours' ids, and the neighbours' codes. The only thing {@link
 * RecordSearcher} knows about vectors. For one thread.
 */
public interface NodeRecords {

  /** Nodes are {@code 0..size()-1}. */
  int size();

  /**
   * Reads from every cache line of a record, so that the lines of several records are on their way
   * from memory at once.
   *
   * @return anything that depends on what was read
   */
  int touch(int node);

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
