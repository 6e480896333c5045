package io.firn.write;

import io.firn.FirnException;
import io.firn.search.CollectionView;
import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads rows, by id as of now or by number in a view. Thread-safe. */
public final class RowReads {

  private final TableStore tables;
  private final Snapshots snapshots;
  private final WriteQueue queue;

  RowReads(TableStore tables, Snapshots snapshots, WriteQueue queue) {
    this.tables = tables;
    this.snapshots = snapshots;
    this.queue = queue;
  }

  /**
   * A row as {@link #get} finds it.
   *
   * @param version other than that of any other write of this id
   */
  public record StoredRow(RowRecord record, float[] vector, long version) {}

  /** The row of an id, as of now. */
  public Optional<StoredRow> get(CollectionState collection, RowId id) {
    return Optional.ofNullable(get(collection, List.of(id)).getFirst());
  }

  /** The rows of ids, all as of one moment; null where there is none. */
  public List<@Nullable StoredRow> get(CollectionState collection, List<RowId> ids) {
    while (true) {
      Found found = tables.read(reader -> find(reader, collection, ids));
      if (found.rows() != null) {
        return found.rows();
      }
      Thread.onSpinWait(); // a commit came between table and snapshot
    }
  }

  private record Found(@Nullable List<@Nullable StoredRow> rows) {}

  private Found find(TableStore.Reader reader, CollectionState collection, List<RowId> ids) {
    int[] rowNumbers = new int[ids.size()];
    for (int i = 0; i < rowNumbers.length; i++) {
      byte[] value = reader.get(Table.IDS, Table.key(collection.number(), ids.get(i)));
      rowNumbers[i] = value == null ? -1 : ByteBuffer.wrap(value).getInt();
    }
    byte[] committed = reader.get(Table.STATE, Table.SEQUENCE_KEY);
    try (Snapshot snapshot = awaitSnapshot(sequence(committed))) {
      CollectionView view = snapshot.collection(collection.number());
      boolean shown =
          view != null
              && Arrays.stream(rowNumbers)
                  .allMatch(row -> row < 0 || (row < view.nextRowNumber() && view.alive(row)));
      if (view == null
          || !shown
          || (snapshot.sequence() != sequence(committed) && queue.writable())) {
        requireReadable(shown);
        return new Found(null);
      }
      return new Found(rows(reader, collection, view, rowNumbers));
    }
  }

  /** What a failed commit left in the tables is never published: waiting for it would not end. */
  private void requireReadable(boolean shown) {
    if (!shown) {
      queue.requireNoFailure();
    }
  }

  private static long sequence(byte @Nullable [] stored) {
    return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
  }

  /** A snapshot that shows at least a commit; it is published in a matter of microseconds. */
  private Snapshot awaitSnapshot(long sequence) {
    while (true) {
      Snapshot snapshot = snapshots.pin();
      if (snapshot.sequence() >= sequence || !queue.writable()) {
        return snapshot;
      }
      snapshot.close();
      Thread.onSpinWait();
    }
  }

  private static List<@Nullable StoredRow> rows(
      TableStore.Reader reader, CollectionState collection, CollectionView view, int[] rowNumbers) {
    var records = new Records(reader, collection, view);
    var rows = new ArrayList<@Nullable StoredRow>(rowNumbers.length);
    for (int rowNumber : rowNumbers) {
      rows.add(rowNumber < 0 ? null : row(records, view, rowNumber));
    }
    return rows;
  }

  private static StoredRow row(Records records, CollectionView view, int rowNumber) {
    RowRecord record = records.get(rowNumber, Fields.ALL);
    long version = Versions.of(rowNumber, record.revision());
    return new StoredRow(record, view.vector(rowNumber), version);
  }

  /** The row number that an id stands for now, or -1. */
  public int rowNumber(CollectionState collection, RowId id) {
    byte[] found = tables.get(Table.IDS, Table.key(collection.number(), id));
    return found == null ? -1 : ByteBuffer.wrap(found).getInt();
  }

  /** True if the fresh rows table has exactly this vector for a row. */
  public boolean storesVector(CollectionState collection, int rowNumber, float[] vector) {
    byte[] stored = tables.get(Table.FRESH, Table.key(collection.number(), rowNumber));
    return stored != null && Arrays.equals(stored, VectorBytes.encode(vector));
  }

  /** Runs a function of the row records in a view whose snapshot the caller has pinned. */
  public <T> T reading(
      CollectionState collection, CollectionView view, Function<Records, T> reading) {
    try {
      return tables.read(reader -> reading.apply(new Records(reader, collection, view)));
    } catch (FirnException.Corrupt e) {
      snapshots.pin().close(); // a closed database in memory has no records either
      throw e;
    }
  }

  /**
   * The ids of rows that are alive in a view whose snapshot the caller has pinned. Sealed segments
   * have theirs in a file; if there are other rows too, all are read from the rows table.
   */
  public List<RowId> ids(CollectionState collection, CollectionView view, int[] rowNumbers) {
    var ids = new ArrayList<RowId>(rowNumbers.length);
    for (int rowNumber : rowNumbers) {
      RowId id = sealedId(view.segmentOf(rowNumber), rowNumber);
      if (id == null) {
        return reading(collection, view, records -> records.ids(rowNumbers));
      }
      ids.add(id);
    }
    return ids;
  }

  /** Makes a {@link RowId} of what a segment tells. */
  private static final class IdOf implements SealedSegment.IdVisitor {
    private @Nullable RowId id;

    @Override
    public void number(long number) {
      id = RowId.of(number);
    }

    @Override
    public void text(String text) {
      id = new RowId(text, 0);
    }
  }

  /** The id of a row in its segment's file, or null if there is no sound one. */
  public static @Nullable RowId sealedId(Segment segment, int rowNumber) {
    var told = new IdOf();
    return segment instanceof SealedSegment sealed
            && sealed.visitId(segment.ordinalOf(rowNumber), told)
        ? told.id
        : null;
  }

  /**
   * The records of rows that are alive in a view whose snapshot the caller has pinned.
   *
   * @param wanted the metadata fields to read
   */
  public List<RowRecord> records(
      CollectionState collection, CollectionView view, int[] rowNumbers, Fields wanted) {
    if (rowNumbers.length == 0) {
      return List.of();
    }
    return reading(
        collection,
        view,
        records -> {
          var found = new ArrayList<RowRecord>(rowNumbers.length);
          for (int rowNumber : rowNumbers) {
            found.add(records.get(rowNumber, wanted));
          }
          return found;
        });
  }
}
