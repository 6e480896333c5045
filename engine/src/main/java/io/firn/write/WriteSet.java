package io.firn.write;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts and removals that are to be committed together. Kept apart from LMDB so that a commit can be
 * repeated after the map has grown, and so that a delayed commit has somewhere to wait.
 */
final class WriteSet {

  /** Stands for a removal; compared by identity. */
  private static final byte[] REMOVED = new byte[0];

  private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned; // as LMDB has it

  private final Map<Table, NavigableMap<byte[], byte[]>> changes = new EnumMap<>(Table.class);

  void put(Table table, byte[] key, byte[] value) {
    changes.computeIfAbsent(table, _ -> new TreeMap<>(ORDER)).put(key, value);
  }

  /** True if {@code value}, of this class, stands for a removal. */
  @SuppressWarnings("ReferenceEquality") // an empty value is a value
  static boolean isRemoval(byte[] value) {
    return value == REMOVED;
  }

  void remove(Table table, byte[] key) {
    put(table, key, REMOVED);
  }

  /** The value put, a removal, or null if this set says nothing of the key. */
  byte @Nullable [] get(Table table, byte[] key) {
    var changed = changes.get(table);
    return changed == null ? null : changed.get(key);
  }

  /** What this set says of the keys with {@code from <= key < to}, ascending. */
  Iterator<Map.Entry<byte[], byte[]>> range(Table table, byte[] from, byte[] to) {
    var changed = changes.get(table);
    return changed == null
        ? Collections.emptyIterator()
        : changed.subMap(from, true, to, false).entrySet().iterator();
  }

  Map<Table, NavigableMap<byte[], byte[]>> changes() {
    return changes;
  }

  boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Adds all of a later set for good: a removal leaves nothing behind. */
  void settle(WriteSet later) {
    later.changes.forEach((table, changed) ->
        changed.forEach((key, value) -> {
          var mine = changes.computeIfAbsent(table, _ -> new TreeMap<>(ORDER));
          if (isRemoval(value)) {
            mine.remove(key);
          } else {
            mine.put(key, value);
          }
        }));
  }

  /** Adds all of a later set to this one. */
  void addAll(WriteSet later) {
    later.changes.forEach(
        (table, changed) -> changed.forEach((key, value) -> put(table, key, value)));
  }
}
