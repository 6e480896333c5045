package io.firn.recovery;

import io.firn.CollectionSpec;
import io.firn.hnsw.CorruptGraphException;
import io.firn.hnsw.HnswGraph;
import io.firn.hnsw.HnswParams;
import io.firn.search.Distances;
import io.firn.search.NodeRecordFile;
import io.firn.search.RowLayout;
import io.firn.search.SealedSegment;
import io.firn.search.VectorFile;
import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.SegmentFile;
import io.firn.write.SegmentFiles;
import io.firn.write.StoredSegment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens sealed segments. Vectors are the truth and must be there; a graph or records that are
 * missing or damaged in their frame are made again from them, loudly.
 */
final class DerivedFiles {

  private static final System.Logger LOG = System.getLogger(DerivedFiles.class.getName());

  private final DatabaseDirectory directory;
  private final CollectionSpec spec;
  private final RowLayout layout;
  private final List<String> rebuilt;

  DerivedFiles(DatabaseDirectory directory, CollectionSpec spec, List<String> rebuilt) {
    this.directory = directory;
    this.spec = spec;
    this.layout = new RowLayout(spec.dimension(), spec.metric());
    this.rebuilt = rebuilt;
  }

  SealedSegment open(long segmentId, StoredSegment stored) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      VectorFile vectors = openVectors(segmentId, stored, arena);
      ensureGraph(segmentId, vectors, arena, false);
      ensureRecords(segmentId, vectors, arena);
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
      ensureGraph(segmentId, vectors, arena, true); // damage there would go into the records
      SegmentFile file = SegmentFile.open(directory, SealedSegment.GRAPH, segmentId, arena);
      SegmentFiles.writeRecords(
          directory, segmentId, spec, vectors, SealedSegment.openGraph(file, vectors.size()));
    }
  }

  private void ensureGraph(long segmentId, VectorFile vectors, Arena arena, boolean wholly)
      throws IOException {
    try {
      SegmentFile graph = SegmentFile.open(directory, SealedSegment.GRAPH, segmentId, arena);
      SealedSegment.openGraph(graph, vectors.size());
      if (wholly) {
        graph.verify();
      }
    } catch (IOException | CorruptGraphException e) {
      note("graph", segmentId, e);
      remove(SealedSegment.GRAPH, segmentId);
      var built = new HnswGraph(new HnswParams(spec.m(), spec.efConstruction(), spec.seed()));
      var distances = Distances.between(layout, vectors);
      for (int node = 0; node < vectors.size(); node++) {
        built.insert(node, distances);
      }
      SegmentFiles.writeGraph(directory, SealedSegment.GRAPH, segmentId, built, 0);
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
    String text = "%s of segment %d built again: %s".formatted(what, segmentId, why.getMessage());
    rebuilt.add(text);
    LOG.log(System.Logger.Level.WARNING, text);
  }
}
