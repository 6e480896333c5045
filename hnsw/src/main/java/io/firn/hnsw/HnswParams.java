package io.firn.hnsw;

/**
 * Build parameters of an HNSW graph, named as in Malkov and Yashunin, <a
 * href="https://arxiv.org/abs/1603.09320">arXiv:1603.09320</a>.
 *
 * @param m links chosen for a new node on each of its layers, and the most a node keeps on layers
 *     above 0; layer 0 keeps up to {@code 2 * m}
 * @param efConstruction candidates held while one node is inserted; at least {@code m}
 * @param seed seed of the level generator; same seed and distances give the same graph
 */
public record HnswParams(int m, int efConstruction, long seed) {

  /** Largest {@link #m} accepted. Layer 0 then needs 2 KiB of links per node. */
  public static final int MAX_M = 256;

  /** Largest {@link #efConstruction} accepted; beyond it an insert is slower than a full scan. */
  public static final int MAX_EF_CONSTRUCTION = 1 << 16;

  /** The customary choice: 16 links, 200 candidates. */
  public static final HnswParams DEFAULT = new HnswParams(16, 200, 42);

  /**
   * @throws IllegalArgumentException if {@code m} is outside 2..{@value #MAX_M}, or {@code
   *     efConstruction} outside {@code m}..{@value #MAX_EF_CONSTRUCTION}
   */
  public HnswParams {
    if (m < 2 || m > MAX_M) {
      throw new IllegalArgumentException(
          "m must be 2..%d but is %d: each node reserves 2*m links on layer 0. Use 16 if unsure."
              .formatted(MAX_M, m));
    }
    if (efConstruction < m || efConstruction > MAX_EF_CONSTRUCTION) {
      throw new IllegalArgumentException(
          """
          efConstruction must be m=%d..%d but is %d: fewer candidates than links cannot fill them, \
          more only cost time. Use 200 if unsure.\
          """
              .formatted(m, MAX_EF_CONSTRUCTION, efConstruction));
    }
  }

  /** The paper's M<sub>max</sub> and M<sub>max0</sub>: most links of a node on {@code layer}. */
  public int maxDegree(int layer) {
    return layer == 0 ? 2 * m : m;
  }
}
