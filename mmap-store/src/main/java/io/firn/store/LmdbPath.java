package io.firn.store;

import java.lang.foreign.MemorySegment;

/** Goes from row to row of a table in one state. For one thread. */
final class LmdbPath {

  private final LmdbState state;
  private final LmdbRoot root;
  private final LmdbPage[] pages; // from the root to a leaf
  private final int[] nodes;

  LmdbPath(LmdbState state, LmdbRoot root) {
    this.state = state;
    this.root = root;
    this.pages = new LmdbPage[root.depth()];
    this.nodes = new int[root.depth()];
  }

  /** Goes to the first row whose key is {@code key} or above; false if there is none. */
  boolean seek(MemorySegment key) throws CorruptFileException {
    if (root.isEmpty()) {
      return false;
    }
    long number = root.page();
    int leaf = root.depth() - 1;
    for (int i = 0; i < leaf; i++) {
      pages[i] = page(number, i);
      nodes[i] = pages[i].childFor(key);
      number = pages[i].child(nodes[i]);
    }
    pages[leaf] = page(number, leaf);
    int at = pages[leaf].search(key);
    nodes[leaf] = (at < 0 ? ~at : at) - 1;
    return next();
  }

  /** Goes to the next row; false if there is none. */
  boolean next() throws CorruptFileException {
    int leaf = root.depth() - 1;
    return ++nodes[leaf] < pages[leaf].count() || nextLeaf(leaf);
  }

  private boolean nextLeaf(int leaf) throws CorruptFileException {
    int i = leaf - 1;
    while (i >= 0 && nodes[i] + 1 == pages[i].count()) {
      i--;
    }
    if (i < 0) {
      return false;
    }
    LmdbPage before = pages[leaf];
    nodes[i]++;
    for (; i < leaf; i++) {
      pages[i + 1] = page(pages[i].child(nodes[i]), i + 1);
      nodes[i + 1] = 0;
    }
    boolean ascending = before.compare(before.count() - 1, pages[leaf], 0) < 0;
    pages[leaf].expect("order of keys", ascending, "above those before", 0);
    return true;
  }

  private LmdbPage page(long number, int depth) throws CorruptFileException {
    return state.page(number, root.depth() - depth, LmdbRows.VALUES);
  }

  byte[] key() {
    return pages[pages.length - 1].key(nodes[nodes.length - 1]);
  }

  /** The value with its checksum. */
  MemorySegment stored() throws CorruptFileException {
    return state.value(pages[pages.length - 1], nodes[nodes.length - 1]);
  }
}
