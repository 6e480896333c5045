package io.firn.bench.measure;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges answers against the exact neighbours. Recall of a query is the share of its {@code k}
 * results that are among the true nearest {@code k}; a result as near as the k-th counts too, if it
 * is in the truth list, since which of equals comes first is nobody's merit.
 */
public final class Answers {

  private static final float TIE = 1e-6f;

  private final int[][] truth; // of live rows only, ties of the k-th included
  private final BitSet deleted;
  private final int rows;
  private final int k;

  /**
   * @param truth for each query its nearest ids, nearest first
   * @param distances belonging to {@code truth}; null counts exactly the first {@code k}
   * @param deleted ids that must not come
   * @param rows ids are below it
   */
  public Answers(int[][] truth, float @Nullable [][] distances, BitSet deleted, int rows, int k) {
    this.deleted = deleted;
    this.rows = rows;
    this.k = Math.min(k, rows - deleted.cardinality());
    this.truth = new int[truth.length][];
    for (int q = 0; q < truth.length; q++) {
      this.truth[q] = accepted(q, truth[q], distances == null ? null : distances[q]);
    }
  }

  private int[] accepted(int query, int[] ids, float @Nullable [] distances) {
    int[] accepted = new int[ids.length];
    int count = 0;
    float last = 0;
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= rows) {
        throw new IllegalArgumentException(
            "truth of query %d must name rows 0..%d but names %d: it belongs to another base. Leave out --truth to compute it."
                .formatted(query, rows - 1, ids[i]));
      }
      if (deleted.get(ids[i])) {
        continue;
      }
      boolean tie = distances != null && distances[i] <= last + TIE * Math.max(1, Math.abs(last));
      if (count >= k && !tie) {
        break;
      }
      if (count < k && distances != null) {
        last = distances[i];
      }
      accepted[count++] = ids[i];
    }
    if (count < k) {
      throw new IllegalArgumentException(
          "truth of query %d must name %d live rows but names %d: recall at k needs k true neighbours. Ask for a smaller k or delete fewer."
              .formatted(query, k, count));
    }
    int[] sorted = Arrays.copyOf(accepted, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * Checks one answer and counts its hits.
   *
   * @throws WrongAnswerException if it has too few results, one twice, a deleted one, or one that
   *     never existed
   */
  int hits(int query, int[] ids, int count) {
    if (count != k) {
      throw new WrongAnswerException(
          query, "number of results", Integer.toString(k), count, "that many rows are alive");
    }
    int hits = 0;
    for (int i = 0; i < count; i++) {
      check(query, ids, i);
      hits += Arrays.binarySearch(truth[query], ids[i]) >= 0 ? 1 : 0;
    }
    return hits;
  }

  private void check(int query, int[] ids, int i) {
    int id = ids[i];
    if (id < 0 || id >= rows) {
      throw new WrongAnswerException(
          query, "result " + i, "an id in 0.." + (rows - 1), id, "no other row was inserted");
    }
    if (deleted.get(id)) {
      throw new WrongAnswerException(query, "result " + i, "a live row", id, "it was deleted");
    }
    for (int before = 0; before < i; before++) {
      if (ids[before] == id) {
        throw new WrongAnswerException(
            query, "result " + i, "new", id, "it is result " + before + " already");
      }
    }
  }

  int k() {
    return k;
  }

  int queryCount() {
    return truth.length;
  }
}
