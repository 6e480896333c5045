package io.firn;

/** Where a segment lies. Distances of hits are exact in each. */
public enum Tier {
  /** In memory, as far as its searches need it: nothing is waited for. */
  HOT,
  /**
   * Its graph and 4-bit codes are in memory; of each search a few vectors are read from the disk,
   * all together.
   */
  WARM,
  /** On the disk: records and vectors are read as a search needs them, several together. */
  COLD
}
