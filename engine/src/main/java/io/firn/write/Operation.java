package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.Filter;
import io.firn.index.FieldIndex;
import io.firn.search.FreshSegment;
import io.firn.search.Segment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change, checked by its sender, as the writer thread applies it. */
public sealed interface Operation {

  /**
   * A row added or replaced.
   *
   * @param vector {@code dimension} little-endian floats
   * @param row the encoded {@link RowRecord}
   * @param expiresAt when it is to be deleted, or null
   */
  record Upsert(
      CollectionState collection, RowId id, byte[] vector, byte[] row, @Nullable Instant expiresAt)
      implements Operation {}

  /**
   * Nothing changes, but the whole batch is refused unless a row has this version before it.
   *
   * @param version 0 if there must be no row
   */
  record Require(CollectionState collection, RowId id, long version) implements Operation {}

  /** A row removed, if it is there. */
  record Delete(CollectionState collection, RowId id) implements Operation {}

  /**
   * The metadata of a row replaced, its vector and row number kept; nothing if there is no such
   * row.
   *
   * @param row the encoded {@link RowRecord}
   */
  record Describe(CollectionState collection, RowId id, byte[] row) implements Operation {}

  /** A row removed if it is still alive under this number and passes the filter. */
  record DeleteMatching(CollectionState collection, int rowNumber, Filter filter)
      implements Operation {}

  /** An index of fields declared, if there is none. */
  record DeclareIndex(CollectionState collection, List<String> fields) implements Operation {}

  /** An index given up; nothing if it was before. */
  record DropIndex(CollectionState collection, FieldIndex index) implements Operation {}

  /** Some entries of an index that was given up removed, and with the last ones its own. */
  record ClearIndex(CollectionState collection, FieldIndex index) implements Operation {}

  /** Rows from before an index was declared entered into it. */
  record BuildIndex(CollectionState collection, FieldIndex index, int fromRow, int toRow)
      implements Operation {}

  /** A row removed if it is still alive under this number, and its entry in the expiry table. */
  record Expire(Expiry expiry) implements Operation {}

  /** A collection created, or checked against the one there is. Alone in its batch. */
  record Create(String name, CollectionSpec spec) implements Operation {}

  /** The fresh rows close for writing and wait to be sealed; new rows go to a new segment. */
  record Freeze(CollectionState collection) implements Operation {}

  /**
   * Segments replaced by one that holds their rows.
   *
   * @param replacement holds every row of {@code replaced} that was alive when it was built; null
   *     if none was
   * @param fingerprint of its vector file, 0 if it has no files
   */
  record Replace(
      CollectionState collection,
      List<Segment> replaced,
      @Nullable Segment replacement,
      long fingerprint)
      implements Operation {}

  /** The graph of the fresh rows is on disk up to a row, in the files of {@code segmentId}. */
  record Checkpoint(CollectionState collection, FreshSegment fresh, int rows, long segmentId)
      implements Operation {}

  /** A load begins: until it ends, nobody else writes rows of the collection. */
  record BeginLoad(CollectionState collection) implements Operation {}

  /** All rows of a load added or replaced, those in files. Alone in its batch; ends the load. */
  record Load(CollectionState collection, List<SpooledRows> rows) implements Operation {}

  /** All rows of a load added or replaced, in memory. Ends the load. */
  record LoadInMemory(CollectionState collection, List<Upsert> rows) implements Operation {}

  /** A load ends without effect. */
  record GiveUpLoad(CollectionState collection) implements Operation {}

  /** Nothing changes; with full durability, everything before it is committed. */
  record Barrier() implements Operation {}
}
