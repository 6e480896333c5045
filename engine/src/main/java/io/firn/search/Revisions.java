package io.firn.search;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Row records of a collection that metadata updates replaced, for the snapshots that are older than
 * the update. In memory only: after a crash there is no such snapshot.
 *
 * <p>One writer, any readers. A record is put here before its successor can be read, and a reader
 * looks here after it has read the table; so it finds the record of its own time in one of both.
 */
public final class Revisions {

  /**
   * A record that was the row's until {@code until}, exclusive.
   *
   * @param older what it replaced, or null
   */
  private record Revision(long until, byte[] row, @Nullable Revision older) {}

  private static final int BLOCK_BITS = 16;
  private static final int[] NONE = {};

  private final ConcurrentHashMap<Integer, Revision> rows = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, ChangedRows> changed = new ConcurrentHashMap<>();

  /** Keeps the record that a commit replaces. Writer thread only, before the commit. */
  public void replaced(int rowNumber, long sequence, byte[] row) {
    changed
        .computeIfAbsent(rowNumber >>> BLOCK_BITS, _ -> new ChangedRows())
        .add(rowNumber, sequence);
    rows.compute(rowNumber, (_, older) -> new Revision(sequence, row, older));
  }

  /** The record as of a sequence number, or null if it is the table's. Any thread. */
  public byte @Nullable [] at(int rowNumber, long sequence) {
    byte[] found = null;
    for (Revision seen = rows.isEmpty() ? null : rows.get(rowNumber);
        seen != null && seen.until() > sequence;
        seen = seen.older()) {
      found = seen.row();
    }
    return found;
  }

  /**
   * Rows of a block of 65,536 row numbers that were updated after a commit, those of a commit that
   * is being made among them; null if there were too many to keep.
   */
  public int @Nullable [] changedSince(int block, long sequence) {
    ChangedRows rows = changed.get(block);
    return rows == null ? NONE : rows.since(sequence);
  }

  /** Rows whose record as of a sequence number is not the table's. */
  public int[] revised(long sequence) {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().until() > sequence)
        .mapToInt(row -> row.getKey())
        .toArray();
  }

  /** Forgets what no snapshot from {@code oldest} on can ask for. Writer thread only. */
  public void forget(int rowNumber, long oldest) {
    rows.computeIfPresent(rowNumber, (_, revision) -> newerThan(oldest, revision));
  }

  private static @Nullable Revision newerThan(long oldest, @Nullable Revision revision) {
    if (revision == null || revision.until() <= oldest) {
      return null;
    }
    return new Revision(revision.until(), revision.row(), newerThan(oldest, revision.older()));
  }
}
