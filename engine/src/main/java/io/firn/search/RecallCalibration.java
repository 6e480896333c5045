package io.firn.search;

import io.firn.RecallEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How many candidates a collection's searches need for a recall, kept current by checking some of
 * the queries that are asked: as fast as a fifth of one core checks them until the recall is known
 * to a hundredth, then as many as a hundredth does. Kept in memory only. Thread-safe.
 */
public final class RecallCalibration {

  /** Candidates while too little is known. */
  private static final int UNKNOWN_EF = 128;

  private static final int HUNGRY_REST = 4;
  private static final int REST = 99;

  /** Searches for up to so many results, a power of two, share a curve. */
  private static final class Asked {
    private final RecallCurve curve = new RecallCurve();
    private final int k;
    private volatile double recall;
    private volatile double candidates;

    Asked(int k) {
      this.k = k;
    }

    RecallCurve.Estimate estimate() {
      return curve.estimate(k, candidates);
    }

    boolean hungry() {
      return curve.hungry(estimate().margin());
    }
  }

  private final AtomicReferenceArray<@Nullable Asked> byClass = new AtomicReferenceArray<>(32);
  private final CheckDraw draw = new CheckDraw(System.nanoTime());

  private Asked asked(int k) {
    int at = Integer.SIZE - Integer.numberOfLeadingZeros(k - 1);
    Asked found = byClass.get(at);
    if (found == null) {
      byClass.compareAndSet(at, null, new Asked(k));
      return asked(k);
    }
    return found;
  }

  /**
   * Candidates for a search that wants to find a share of the nearest {@code k} rows. Near {@code
   * k} one more can be two hundredths of recall; so where the share lies between two numbers of
   * candidates, some queries get the one and some the other, each the same every time.
   */
  public int ef(float[] query, int k, double recall) {
    Asked asked = asked(k);
    double known = asked.curve.candidates(k, recall);
    double chosen = known == 0 ? Math.max(UNKNOWN_EF, k) : known;
    if (asked.recall != recall || asked.candidates != chosen) { // a write slows other cores down
      asked.recall = recall;
      asked.candidates = chosen;
    }
    return whole(chosen, query);
  }

  /** One of the two numbers beside a number of candidates, such that they are it on average. */
  static int whole(double candidates, float[] query) {
    int ef = (int) candidates;
    return candidates > ef && lot(query) < candidates - ef ? ef + 1 : ef;
  }

  /** A number in 0..1 that is the query's own. */
  private static double lot(float[] query) {
    return (QueryHash.of(query, 1) >>> 8) * 0x1p-24;
  }

  /**
   * True if the caller's query is to be checked; then it must call {@link #checked} in the end,
   * whether or not it came to a {@link #check}.
   */
  public boolean due(float[] query) {
    return draw.due(query, System.nanoTime());
  }

  /** Ends what {@link #due} began. */
  public void checked() {
    draw.checked();
  }

  /** Searches for a query with all widths and exactly, and learns from the difference. */
  public void check(Searcher searcher, CollectionView view, float[] query, int k) {
    long startedAt = System.nanoTime();
    try {
      float[] recalls = recalls(searcher, view, query, k);
      asked(k).curve.add(recalls, view.liveRows(), view.segments().size());
    } finally {
      long now = System.nanoTime();
      int rest = asked(k).hungry() ? HUNGRY_REST : REST;
      draw.pauseUntil(now + (now - startedAt) * rest);
    }
  }

  private static float[] recalls(Searcher searcher, CollectionView view, float[] query, int k) {
    float[] exact = searcher.search(view, query, k, Effort.EVERY_ROW).distances();
    var recalls = new float[RecallCurve.size()];
    for (int width = 0; width < recalls.length; width++) {
      boolean complete = width > 0 && recalls[width - 1] == 1; // then more find all too
      recalls[width] =
          complete
              ? 1
              : recall(exact, searcher.search(view, query, k, effort(width, k)).distances());
    }
    return recalls;
  }

  private static Effort effort(int width, int k) {
    return Effort.exactly(RecallCurve.ef(width, k));
  }

  /** By distance, since equal ones tie, and a walk's may differ in the last bit. */
  private static float recall(float[] exact, float[] found) {
    if (exact.length == 0) {
      return 1;
    }
    float last = exact[exact.length - 1];
    float limit = last + 1e-5f * Math.abs(last);
    int right = 0;
    for (float distance : found) {
      right += distance <= limit ? 1 : 0;
    }
    return (float) right / exact.length;
  }

  /** What is known of the recall that was asked for last, by number of results. */
  public List<RecallEstimate> estimates() {
    var estimates = new ArrayList<RecallEstimate>();
    for (int i = 0; i < byClass.length(); i++) {
      Asked asked = byClass.get(i);
      if (asked != null) {
        int most = (int) Math.ceil(asked.candidates);
        RecallCurve.Estimate known = asked.estimate();
        estimates.add(
            new RecallEstimate(
                asked.k, asked.recall, most, known.recall(), known.margin(), known.samples()));
      }
    }
    return List.copyOf(estimates);
  }
}
