package io.firn.bench.data;

import java.util.BitSet;
import java.util.SplittableRandom;

/** Which rows of a set become queries: a fixed choice, so that every machine asks the same. */
final class QuerySplit {

  private static final long SEED = 20_261_120;

  private QuerySplit() {}

  /** Chooses {@code queries} of {@code rows} row numbers. */
  static BitSet choose(int rows, int queries) {
    if (queries < 1 || queries > rows) {
      throw new IllegalArgumentException(
          "queries must be 1..%d but is %d: they are chosen among the rows. Ask for fewer."
              .formatted(rows, queries));
    }
    SplittableRandom random = new SplittableRandom(SEED);
    BitSet chosen = new BitSet(rows);
    for (int left = queries; left > 0; ) {
      int row = random.nextInt(rows);
      if (!chosen.get(row)) {
        chosen.set(row);
        left--;
      }
    }
    return chosen;
  }
}
