package io.firn.recovery;

import io.firn.CollectionSpec;
import io.firn.search.IdFile;
import io.firn.search.NodeRecordBuilder;
import io.firn.search.NodeRecordFile;
import io.firn.search.RowLayout;
import io.firn.search.SealedSegment;
import io.firn.search.VectorFile;
import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.write.StoredIds;
import io.firn.write.StoredSegment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens sealed segments. Vectors are the truth and must be there; records and ids that are missing
 * or damaged in their frame are made again, from them and from the rows table, loudly.
 */
final class DerivedFiles {

  private static final System.Logger LOG = System.getLogger(DerivedFiles.class.getName());

  private final DatabaseDirectory directory;
  private final CollectionSpec spec;
  private final RowLayout layout;
  private final List<String> rebuilt;
  private final boolean readOnly;

  DerivedFiles(
      DatabaseDirectory directory, CollectionSpec spec, List<String> rebuilt, boolean readOnly) {
    this.readOnly = readOnly;
    this.directory = directory;
    this.spec = spec;
    this.layout = new RowLayout(spec.dimension(), spec.metric());
    this.rebuilt = rebuilt;
  }

  SealedSegment open(long segmentId, StoredSegment stored, StoredIds.Lookup ids)
      throws IOException {
    try (Arena arena = Arena.ofShared()) {
      VectorFile vectors = openVectors(segmentId, stored, arena);
      if (!readOnly) {
        ensureRecords(segmentId, vectors, arena);
        ensureIds(segmentId, vectors, ids, arena);
      }
    }
    return SealedSegment.open(directory, segmentId, spec);
  }

  private VectorFile openVectors(long segmentId, StoredSegment stored, Arena arena)
      throws IOException {
    Path path = directory.segmentPath(VectorFile.KIND, segmentId);
    if (!directory.io().exists(path)) { // to the caller a missing file is a missing database
      throw new CorruptFileException(path, -1, "file", "present", "absent");
    }
    VectorFile vectors = VectorFile.open(directory, segmentId, layout, arena);
    if (vectors.size() != stored.rowCount()
        || vectors.file().fingerprint() != stored.fingerprint()) {
      throw new CorruptFileException(
          vectors.file().path(),
          -1,
          "fingerprint",
          "%d rows, %x".formatted(stored.rowCount(), stored.fingerprint()),
          "%d rows, %x".formatted(vectors.size(), vectors.file().fingerprint()));
    }
    return vectors;
  }

  private void ensureRecords(long segmentId, VectorFile vectors, Arena arena) throws IOException {
    try {
      NodeRecordFile.open(directory, segmentId, layout, vectors.size(), arena);
    } catch (IOException e) {
      note("records", segmentId, e);
      remove(NodeRecordFile.KIND, segmentId);
      int threads = Runtime.getRuntime().availableProcessors();
      NodeRecordBuilder.write(directory, segmentId, spec, vectors, threads, _ -> {});
    }
  }

  private void ensureIds(long segmentId, VectorFile vectors, StoredIds.Lookup ids, Arena arena)
      throws IOException {
    try {
      IdFile.open(directory, segmentId, vectors.size(), arena);
    } catch (IOException e) {
      note("ids", segmentId, e);
      remove(IdFile.KIND, segmentId);
      IdFile.write(directory, segmentId, vectors.size(), new StoredIds(vectors, ids));
    }
  }

  /** Makes room: files are written once. A crash before the new one is there leaves none. */
  private void remove(String kind, long segmentId) throws IOException {
    Path damaged = directory.segmentPath(kind, segmentId);
    if (directory.io().exists(damaged)) {
      directory.io().delete(damaged);
    }
  }

  private void note(String what, long segmentId, Exception why) {
    String text = "%s of segment %d made again: %s".formatted(what, segmentId, why.getMessage());
    rebuilt.add(text);
    LOG.log(System.Logger.Level.WARNING, text);
  }
}
