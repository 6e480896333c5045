package io.firn.bench.measure;

/**
 * Answers of one pass, kept while the clock runs and judged when it has stopped: judging takes
 * microseconds where the JVM has not compiled it, as much as a fast search. Each thread keeps
 * answers to its own queries.
 */
final class Asked {

  private final int k;
  private final int[] counts;
  private final int[] ids;

  Asked(int queries, int k) {
    this.k = k;
    this.counts = new int[queries];
    this.ids = new int[Math.multiplyExact(queries, k)];
  }

  int k() {
    return k;
  }

  /** Keeps the first {@code count} of {@code found}; more than k are wrong whatever they are. */
  void keep(int query, int[] found, int count) {
    counts[query] = count;
    System.arraycopy(found, 0, ids, query * k, Math.min(count, k));
  }

  /**
   * True neighbours found, over all queries.
   *
   * @throws WrongAnswerException at the first answer that cannot be right
   */
  long hits(Answers answers) {
    int[] own = new int[k];
    long hits = 0;
    for (int query = 0; query < counts.length; query++) {
      System.arraycopy(ids, query * k, own, 0, k);
      hits += answers.hits(query, own, counts[query]);
    }
    return hits;
  }
}
