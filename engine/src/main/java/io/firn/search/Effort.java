package io.firn.search;

/**
 * How hard a walk looks for the nearest rows.
 *
 * @param ef candidates of the first walk, at least 1; {@link Integer#MAX_VALUE} compares every row
 * @param calm how many times as long a walk must go on as it takes to come by the rows it returns,
 *     or else is repeated, wider; 0 for one walk, however it goes
 */
public record Effort(int ef, int calm) {

  /** Half of what finds the ten nearest of most queries: a walk that is not calm is repeated. */
  private static final int FIRST_EF = 64;

  /** How much wider the last walk may be than the first. */
  private static final int MOST_WIDER = 32;

  /** Every row is compared. */
  public static final Effort EVERY_ROW = exactly(Integer.MAX_VALUE);

  /** One walk with so many candidates. */
  public static Effort exactly(int ef) {
    return new Effort(ef, 0);
  }

  /** As much as the query needs, with at least so many candidates. */
  public static Effort untilCalm(int least) {
    return new Effort(Math.max(least, FIRST_EF), 2);
  }

  /** The same with more of both, unless it is one walk. */
  Effort atLeast(int leastEf, int leastCalm) {
    return calm == 0 ? this : new Effort(Math.max(ef, leastEf), Math.max(calm, leastCalm));
  }

  /** True if a walk may have so many candidates. */
  boolean allows(int candidates) {
    return candidates <= (long) MOST_WIDER * ef;
  }

  /** Candidates of the walk after one with {@code ef} of them that was so calm; 0 for no more. */
  int wider(int ef, double calm) {
    boolean more = calm < this.calm && ef < (long) MOST_WIDER * this.ef;
    return more ? (int) Math.min(2L * ef, Integer.MAX_VALUE) : 0;
  }
}
