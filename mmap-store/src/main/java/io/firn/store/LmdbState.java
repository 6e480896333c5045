package io.firn.store;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction committed, read without LMDB, which ends the process where damage leads it
 * out of its file. Whatever is damaged here is an exception.
 *
 * <p>Immutable, for any thread. A transaction of LMDB that sees this state must be running, so that
 * its pages stay.
 */
final class LmdbState {

  private final LmdbMap map;
  private final long transactionId;
  private final long pages;
  private final Map<String, LmdbRoot> roots = new HashMap<>();

  private LmdbState(LmdbMap map, LmdbMeta meta, Collection<String> tables)
      throws CorruptFileException {
    this.map = map;
    this.transactionId = meta.transactionId();
    this.pages = map.pages(meta);
    for (String table : tables) {
      roots.put(table, root(meta.main(), table));
    }
  }

  /** The state after a transaction, or null if two later ones have written over its meta page. */
  static @Nullable LmdbState of(LmdbMap map, long transactionId, Collection<String> tables)
      throws CorruptFileException {
    LmdbMeta meta = map.meta(transactionId);
    return meta == null ? null : new LmdbState(map, meta, tables);
  }

  private LmdbRoot root(LmdbRoot main, String table) throws CorruptFileException {
    MemorySegment name = MemorySegment.ofArray(table.getBytes(StandardCharsets.UTF_8));
    LmdbPage leaf = leaf(main, name, LmdbRows.TABLES, false);
    int i = leaf.search(name);
    if (i < 0) {
      throw new CorruptFileException(map.file(), -1, "table " + table, "present", "absent");
    }
    return LmdbRoot.decode(map.file(), table, leaf.flags(i), leaf.value(i), pages);
  }

  long transactionId() {
    return transactionId;
  }

  /** Rows of a table. */
  long count(String table) {
    return root(table).rows();
  }

  /** The stored value of {@code key}, or null if there is none. */
  @Nullable MemorySegment find(String table, MemorySegment key) throws CorruptFileException {
    LmdbRoot root = root(table);
    if (root.isEmpty()) {
      return null;
    }
    LmdbPage page = page(root.page(), root.depth(), LmdbRows.VALUES);
    for (int level = root.depth(); level > 1; level--) {
      page = page(page.child(page.childFor(key)), level - 1, LmdbRows.VALUES);
    }
    int i = page.search(key);
    if (i < 0) {
      verifyWay(table, key, false); // is that where it would be?
      return null;
    }
    return map.value(page, i, pages); // whose checksum is of this table and key
  }

  /** A way through the rows of a table, to be begun by {@link LmdbPath#seek}. */
  LmdbPath path(String table) {
    return new LmdbPath(this, root(table));
  }

  /**
   * Verifies the pages that LMDB follows to get to {@code key} from this state.
   *
   * @param removing also those whose rows it may take when it removes one: the neighbours, and the
   *     first of all rows below them, whose key goes up
   */
  void verifyWay(String table, MemorySegment key, boolean removing) throws CorruptFileException {
    LmdbRoot root = root(table);
    if (!root.isEmpty()) {
      LmdbPage leaf = leaf(root, key, LmdbRows.VALUES, removing);
      int i = leaf.search(key);
      if (i >= 0) {
        map.value(leaf, i, pages); // LMDB frees the pages of a big one
      }
    }
  }

  /** The leaf that has {@code key} or else has no place for it: rows of a wrong one are refused. */
  private LmdbPage leaf(LmdbRoot root, MemorySegment key, LmdbRows rows, boolean neighbours)
      throws CorruptFileException {
    LmdbPage page = page(root.page(), root.depth(), rows);
    LmdbPage low = page;
    LmdbPage high = page;
    int lowest = 0; // node of low whose key no row is below, 0 if there is none
    int limit = 0; // node of high whose key all rows are below, 0 if there is none
    for (int level = root.depth(); level > 1; level--) {
      int i = page.childFor(key);
      if (neighbours) {
        verifyFirst(page, 0, level - 1);
        verifyFirst(page, i - 1, level - 1);
        verifyFirst(page, i + 1, level - 1);
      }
      if (i > 0) {
        low = page;
        lowest = i;
      }
      if (i + 1 < page.count()) {
        high = page;
        limit = i + 1;
      }
      page = page(page.child(i), level - 1, rows);
    }
    page.expect("first key", lowest == 0 || page.compare(0, low, lowest) >= 0, "of this page", 0);
    int last = page.count() - 1;
    page.expect(
        "last key", limit == 0 || page.compare(last, high, limit) < 0, "of this page", last);
    return page;
  }

  /** Verifies the page below node {@code i} of a branch, and the first ones below that. */
  private void verifyFirst(LmdbPage branch, int i, int level) throws CorruptFileException {
    if (i >= 0 && i < branch.count()) {
      LmdbPage page = branch;
      int node = i;
      for (int below = level; below > 0; below--) {
        page = page(page.child(node), below, LmdbRows.VALUES);
        node = 0;
      }
    }
  }

  /**
   * A page of a tree.
   *
   * @param level 1 for a leaf
   */
  LmdbPage page(long number, int level, LmdbRows rows) throws CorruptFileException {
    return map.page(number, level == 1, rows, pages);
  }

  MemorySegment value(LmdbPage leaf, int i) throws CorruptFileException {
    return map.value(leaf, i, pages);
  }

  private LmdbRoot root(String table) {
    LmdbRoot root = roots.get(table);
    if (root == null) {
      throw new IllegalStateException(table + " must be a table of this state but is not.");
    }
    return root;
  }
}
