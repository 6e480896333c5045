package io.firn;

/**
 * What every vector of a collection shares; fixed when the collection is created.
 *
 * @param dimension floats in a vector, 1..{@value #MAX_DIMENSION}
 * @param metric how distance is measured
 * @param m links a node keeps in the graph (twice as many on the bottom layer), 2..256. More find
 *     more and cost memory; Malkov and Yashunin, arXiv:1603.09320
 * @param efConstruction candidates held while a row is linked, {@code m}..10,000
 * @param seed of everything random in the index: equal rows in equal order give an equal index
 */
public record CollectionSpec(int dimension, Metric metric, int m, int efConstruction, long seed) {

  /** Largest accepted {@link #dimension}. */
  public static final int MAX_DIMENSION = 10_000;

  public CollectionSpec {
    require(dimension >= 1 && dimension <= MAX_DIMENSION, "dimension", MAX_DIMENSION, dimension, 1);
    require(m >= 2 && m <= 256, "m", 256, m, 2);
    require(
        efConstruction >= m && efConstruction <= 10_000,
        "efConstruction",
        10_000,
        efConstruction,
        m);
  }

  /** The usual index (m = 16, efConstruction = 200) over vectors of one dimension and metric. */
  public static CollectionSpec of(int dimension, Metric metric) {
    return new CollectionSpec(dimension, metric, 16, 200, 42);
  }

  /** The same with other index parameters. */
  public CollectionSpec withIndex(int m, int efConstruction) {
    return new CollectionSpec(dimension, metric, m, efConstruction, seed);
  }

  /** The same with another seed. */
  public CollectionSpec withSeed(long seed) {
    return new CollectionSpec(dimension, metric, m, efConstruction, seed);
  }

  private static void require(boolean holds, String what, int max, int value, int min) {
    if (!holds) {
      throw new FirnException.InvalidInput(
          "%s must be %d..%d but is %d: it shapes every row and link of the collection. Choose a value in the range."
              .formatted(what, min, max, value));
    }
  }
}
