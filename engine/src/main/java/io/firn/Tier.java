package io.firn;

/** Where a segment lies. Distances of hits are exact in each. */
public enum Tier {
  /** In memory, as far as its searches need it: nothing is waited for. */
  HOT,
  /**
   * A compact form of it, graph and 4-bit codes, is in memory; of each search a few vectors are
   * read from the disk, all together. The form is a file without a name, so the system takes it
   * back where memory runs out, and it ends with the process. Not in databases opened for reading
   * only.
   */
  WARM,
  /** On the disk: records and vectors are read as a search needs them, several together. */
  COLD
}
