package io.firn.store;

import java.util.Arrays;

/** What the rows of a tree of LMDB's are. */
enum LmdbRows {
  FREE_PAGES(LmdbPage.BIG_VALUE_NODE),
  TABLES(LmdbPage.SUBTREE_NODE),
  VALUES(LmdbPage.BIG_VALUE_NODE);

  private final int nodeFlags;

  LmdbRows(int nodeFlags) {
    this.nodeFlags = nodeFlags;
  }

  /** Flags that nodes of rows can have. */
  int nodeFlags() {
    return nodeFlags;
  }

  /** Order of keys: bytes, or numbers of transactions, little-endian. */
  int compare(byte[] a, byte[] b) {
    if (this != FREE_PAGES) {
      return Arrays.compareUnsigned(a, b);
    }
    for (int i = Math.min(a.length, b.length) - 1; i >= 0; i--) {
      if (a[i] != b[i]) {
        return Byte.compareUnsigned(a[i], b[i]);
      }
    }
    return Integer.compare(a.length, b.length);
  }

  /** LMDB leaves pages of this few nodes, and relies on it. */
  int leastNodes(boolean leaf) {
    return (leaf ? 1 : 2) - (this == FREE_PAGES ? 1 : 0);
  }
}
