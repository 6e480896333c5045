package io.firn;

/** How long suites run: a slice by default, all of it with {@code -Pcrash}. */
final class TestLength {

  /** Rounds of a suite that goes on as long as one likes. */
  static final int CYCLES = Integer.getInteger("firn.test.cycles", 10);

  /** True if everything is to be run, and not a slice. */
  static final boolean ALL = CYCLES >= 50;

  private TestLength() {}
}
