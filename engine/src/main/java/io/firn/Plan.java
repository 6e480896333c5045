package io.firn;

/** How the rows of a segment are searched when not all of them qualify. */
public enum Plan {
  /**
   * All rows that pass are compared, many of them by their 8-bit codes first and only the nearest
   * by their vectors: fastest for few rows.
   */
  EXACT,
  /** The graph is walked over rows that pass, through one that does not if need be. */
  TRAVERSE,
  /**
   * The graph is walked as without a filter, with more candidates; what does not pass is dropped.
   */
  AT_RESULT
}
