package io.firn.hnsw;

/**
 * Bytes of a graph that no {@link HnswGraph} can have written. Never retryable: the graph is
 * derived from its rows and can be built again from them.
 */
public final class CorruptGraphException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** {@link #node} when the damage lies in the header and not in a node. */
  public static final int NO_NODE = -1;

  private final int node;
  private final long value;

  CorruptGraphException(int node, String what, String rule, long value) {
    super(
        "%s must be %s but is %d: the bytes of %s are damaged. Rebuild the graph from its rows."
            .formatted(what, rule, value, node == NO_NODE ? "the graph" : "node " + node));
    this.node = node;
    this.value = value;
  }

  /** The node whose bytes are damaged, or {@link #NO_NODE}. */
  public int node() {
    return node;
  }

  /** The value found. */
  public long value() {
    return value;
  }
}
