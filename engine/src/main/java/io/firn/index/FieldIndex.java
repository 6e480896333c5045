package io.firn.index;

import io.firn.Metadata;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A declared index of a field, or of several together, and the columns of it that are in memory.
 * Columns are loaded when a filter first asks for them, and again when too much has changed since.
 * Thread-safe.
 */
public final class FieldIndex {

  /** Loads columns. */
  public interface Loader {

    /**
     * The column of a block as of now.
     *
     * @param known an older one, or null
     * @param changed rows that were updated since, or null if too many to say
     */
    Column load(FieldIndex index, int block, @Nullable Column known, int @Nullable [] changed);
  }

  /** Rows written after a column was loaded that are worth reading one by one. */
  private static final int MAX_YOUNGER_ROWS = 128;

  private static final int[] NONE = {};

  private final int number;
  private final List<String> fields;
  private final int olderRows;
  private volatile int builtRows;
  private volatile long readyAt = Long.MAX_VALUE;
  private volatile boolean dropped;
  private final ConcurrentHashMap<Integer, Column> columns = new ConcurrentHashMap<>();

  /**
   * An index that is not ready yet, see {@link #built}.
   *
   * @param number in its collection, of no other index whose entries are on disk
   * @param olderRows rows from before it was declared, which are entered later
   */
  public FieldIndex(int number, List<String> fields, int olderRows) {
    this.number = number;
    this.fields = fields;
    this.olderRows = olderRows;
  }

  public int number() {
    return number;
  }

  public List<String> fields() {
    return fields;
  }

  /** The keys under which it has a row. */
  public List<byte[]> keys(Metadata metadata) {
    return ValueKeys.of(metadata, fields);
  }

  public int olderRows() {
    return olderRows;
  }

  public int builtRows() {
    return builtRows;
  }

  /** Notes that a commit entered the older rows below {@code rows}. */
  public void built(int rows, long sequence) {
    builtRows = rows;
    if (rows >= olderRows) {
      readyAt = sequence;
    }
  }

  /** Notes that it is not to be built or used any more. */
  public void drop() {
    dropped = true;
  }

  public boolean dropped() {
    return dropped;
  }

  /** True if every row is entered, as of a commit: before, no filter may use it. */
  public boolean ready(long sequence) {
    return readyAt <= sequence;
  }

  /**
   * The column of a block for a reader of a snapshot.
   *
   * @param doubtful gets the rows whose records must be asked: the column may be wrong about them
   */
  Column column(int block, IndexedFilter.Rows snapshot, Loader loader, RowSet doubtful) {
    @Nullable Column known = columns.get(block);
    int @Nullable [] changed = NONE;
    int end = (int) Math.min(snapshot.count(), (block + 1L) << RowSet.BLOCK_BITS);
    if (known != null && known.sequence() < snapshot.sequence()) {
      changed = snapshot.changedSince(block, known.sequence());
    }
    int younger = known == null ? 0 : Math.max(0, end - known.coveredRows());
    if (known == null || changed == null || younger + changed.length > MAX_YOUNGER_ROWS) {
      known = loader.load(this, block, known, changed);
      columns.merge(block, known, (one, other) -> one.sequence() >= other.sequence() ? one : other);
      changed = NONE; // it is not older than the snapshot
    }
    for (int row : changed) {
      doubtful.add(row);
    }
    for (int row = Math.max(block << RowSet.BLOCK_BITS, known.coveredRows()); row < end; row++) {
      doubtful.add(row);
    }
    known.addUnknown(block, doubtful);
    return known;
  }

  /** Bytes of heap that its columns hold. */
  public long bytes() {
    return columns.values().stream().mapToLong(Column::bytes).sum();
  }
}
