package io.firn.cli.demo;

import io.firn.Collection;
import io.firn.Hit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Quality and speed of searches at default settings, on one thread.
 *
 * @param recall share of the exact ten nearest that a search finds
 * @param searches that were timed
 */
record Measurement(int queries, double recall, int searches, double p50Millis, double p99Millis) {

  private static final int K = 10;
  private static final int ROUNDS = 4;

  static Measurement of(Collection rows, List<float[]> queries) {
    long found = 0;
    long wanted = 0;
    for (float[] query : queries) {
      List<String> exact = ids(rows.search(query).k(K).exact().run());
      var hits = new HashSet<>(ids(rows.search(query).k(K).run()));
      found += exact.stream().filter(hits::contains).count();
      wanted += exact.size();
    }
    long[] nanos = nanos(rows, queries);
    return new Measurement(
        queries.size(),
        (double) found / wanted,
        nanos.length,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6);
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  /** Sorted; the first round warms the JVM up and does not count. */
  private static long[] nanos(Collection rows, List<float[]> queries) {
    var nanos = new ArrayList<Long>();
    for (int round = 0; round < ROUNDS; round++) {
      for (float[] query : queries) {
        long start = System.nanoTime();
        rows.search(query).k(K).run();
        if (round > 0) {
          nanos.add(System.nanoTime() - start);
        }
      }
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
