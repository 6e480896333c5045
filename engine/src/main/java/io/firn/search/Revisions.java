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

  private final ConcurrentHashMap<Integer, Revision> rows = new ConcurrentHashMap<>();

  /** Keeps the record that a commit replaces. Writer thread only. */
  public void replaced(int rowNumber, long sequence, byte[] row) {
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
