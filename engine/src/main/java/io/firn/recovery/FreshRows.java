package io.firn.recovery;

import io.firn.hnsw.CorruptGraphException;
import io.firn.hnsw.HnswGraph;
import io.firn.search.FreshSegment;
import io.firn.store.DatabaseDirectory;
import io.firn.store.ReadTxn;
import io.firn.store.SegmentFile;
import io.firn.write.CollectionState;
import io.firn.write.SegmentFiles;
import io.firn.write.Table;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings back the rows of a collection that no segment file holds yet: vectors from LMDB, links
 * from the checkpoint as far as it goes. The indexer links the rest.
 */
final class FreshRows {

  private static final System.Logger LOG = System.getLogger(FreshRows.class.getName());

  private final DatabaseDirectory directory;
  private final CollectionState collection;
  private final CollectionState.Stored stored;
  private final List<String> rebuilt;
  private @Nullable FreshSegment segment;

  FreshRows(
      DatabaseDirectory directory,
      CollectionState collection,
      CollectionState.Stored stored,
      List<String> rebuilt) {
    this.directory = directory;
    this.collection = collection;
    this.stored = stored;
    this.rebuilt = rebuilt;
  }

  FreshSegment load(ReadTxn txn) throws IOException {
    byte[] from = Table.key(collection.number());
    byte[] to = Table.key(collection.number() + 1);
    txn.scan(Table.FRESH.storedName(), from, to, this::append);
    FreshSegment loaded = segment;
    if (loaded == null) {
      return new FreshSegment(collection.spec(), stored.nextRowNumber(), null);
    }
    if (loaded.firstRowNumber() + loaded.appendedRows() != stored.nextRowNumber()) {
      throw gap(loaded.firstRowNumber() + loaded.appendedRows());
    }
    loaded.publish();
    return loaded;
  }

  private boolean append(byte[] key, MemorySegment vector) {
    int rowNumber = ByteBuffer.wrap(key).getInt(4);
    FreshSegment target = segment;
    if (target == null) {
      target = begin(rowNumber);
      segment = target;
    }
    if (rowNumber != target.firstRowNumber() + target.appendedRows()
        || vector.byteSize() != (long) collection.spec().dimension() * Float.BYTES) {
      throw gap(rowNumber);
    }
    target.append(vector);
    return true;
  }

  private IllegalStateException gap(int rowNumber) {
    return new IllegalStateException(
        "the fresh rows of \"%s\" must be complete up to row %d but row %d is missing or of another size"
            .formatted(collection.name(), stored.nextRowNumber() - 1, rowNumber));
  }

  private FreshSegment begin(int firstRowNumber) {
    HnswGraph graph = stored.checkpointId() == 0 ? null : checkpoint(firstRowNumber);
    var begun = new FreshSegment(collection.spec(), firstRowNumber, graph);
    if (graph != null) {
      begun.checkpointed(stored.checkpointId(), graph.size());
    }
    return begun;
  }

  /**
   * The checkpoint's graph, or null if it is damaged or of other rows: then all are linked again.
   */
  private @Nullable HnswGraph checkpoint(int firstRowNumber) {
    try (Arena arena = Arena.ofConfined()) {
      SegmentFile file =
          SegmentFile.open(directory, SegmentFiles.CHECKPOINT, stored.checkpointId(), arena);
      if (file.attribute(1) != firstRowNumber
          || file.attribute(0) > stored.nextRowNumber() - firstRowNumber) {
        return again("the checkpoint is of other rows");
      }
      file.verify();
      return HnswGraph.restore(file.payload());
    } catch (IOException | CorruptGraphException e) {
      return again(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable HnswGraph again(String why) {
    String what =
        "graph of the fresh rows of \"%s\" is built again: %s".formatted(collection.name(), why);
    rebuilt.add(what);
    LOG.log(System.Logger.Level.WARNING, what);
    return null;
  }

  /** The checkpoint's file if it is of use. */
  Optional<Path> checkpointPath() {
    FreshSegment loaded = segment;
    return loaded == null || loaded.checkpointId() == 0
        ? Optional.empty()
        : Optional.of(directory.segmentPath(SegmentFiles.CHECKPOINT, loaded.checkpointId()));
  }
}
