package io.firn.search;

import io.firn.CollectionSpec;
import io.firn.Metric;
import io.firn.hnsw.NodeScorer;
import io.firn.hnsw.SealedGraph;
import io.firn.quantization.Distance;
import io.firn.quantization.ScalarQuantizer;
import io.firn.quantization.ScalarQuery;
import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.PagingAdvice;
import io.firn.store.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Rows that do not change any more, in mapped files: the float32 vectors, which are the truth, and
 * derived from them a graph and 8-bit codes. A search walks the graph by the codes, a quarter of
 * the bytes, and ranks what it finds by the vectors. Owns its mappings until {@link #release}.
 */
public final class SealedSegment implements Segment {

  /** Kind of the file with the graph: {@link SealedGraph}. */
  public static final String GRAPH = "graph";

  /** Kind of the file with the codes: rows of {@link ScalarQuantizer}, by ordinal. */
  public static final String CODES = "codes";

  /** Every kind of file that a sealed segment has. */
  public static final List<String> KINDS = List.of(VectorFile.KIND, GRAPH, CODES);

  private static final System.Logger LOG = System.getLogger(SealedSegment.class.getName());

  private final DatabaseDirectory directory;
  private final long segmentId;
  private final Arena arena;
  private final VectorFile vectors;
  private final SealedGraph graph;
  private final SegmentFile graphFile;
  private final SegmentFile codesFile;
  private final ScalarQuantizer quantizer;
  private final Distance distance;
  private volatile boolean superseded;

  private SealedSegment(DatabaseDirectory directory, long segmentId, RowLayout layout, Arena arena)
      throws IOException {
    this.directory = directory;
    this.segmentId = segmentId;
    this.arena = arena;
    this.vectors = VectorFile.open(directory, segmentId, layout, arena);
    this.graphFile = SegmentFile.open(directory, GRAPH, segmentId, arena);
    this.graph = openGraph(graphFile, vectors.size());
    this.codesFile = SegmentFile.open(directory, CODES, segmentId, arena);
    this.quantizer = new ScalarQuantizer(layout.dimension());
    this.distance = distance(layout.metric());
    requireCodes(codesFile, quantizer, vectors.size());
    for (SegmentFile file : files()) {
      PagingAdvice.random(file.payload()); // else each fault reads megabytes that nobody asked for
    }
  }

  /**
   * Opens the files of a segment.
   *
   * @throws IOException if one is missing or damaged in its frame; nothing stays open
   */
  public static SealedSegment open(DatabaseDirectory directory, long segmentId, CollectionSpec spec)
      throws IOException {
    Arena arena = Arena.ofShared();
    try {
      var layout = new RowLayout(spec.dimension(), spec.metric());
      return new SealedSegment(directory, segmentId, layout, arena);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /** Opens a graph that must have one node for each row. */
  public static SealedGraph openGraph(SegmentFile file, int rows) throws CorruptFileException {
    SealedGraph graph = SealedGraph.open(file.payload());
    if (graph.size() != rows) {
      throw new CorruptFileException(
          file.path(), -1, "nodes of the graph", "" + rows, "" + graph.size());
    }
    return graph;
  }

  /** Refuses codes of another shape or number. */
  public static void requireCodes(SegmentFile file, ScalarQuantizer quantizer, int rows)
      throws CorruptFileException {
    long expected = (long) rows * quantizer.codeBytes();
    if (file.payload().byteSize() != expected) {
      throw new CorruptFileException(
          file.path(), -1, "bytes of codes", "" + expected, "" + file.payload().byteSize());
    }
  }

  private static Distance distance(Metric metric) {
    return switch (metric) {
      case COSINE -> Distance.COSINE;
      case DOT -> Distance.INNER_PRODUCT;
      case EUCLIDEAN -> Distance.SQUARED_L2;
    };
  }

  @Override
  public int size() {
    return vectors.size();
  }

  @Override
  public int rowNumber(int ordinal) {
    return vectors.rowNumber(ordinal);
  }

  @Override
  public int ordinalOf(int rowNumber) {
    return vectors.ordinalOf(rowNumber);
  }

  @Override
  public Rows rows() {
    return vectors;
  }

  @Override
  public SealedGraph graph() {
    return graph;
  }

  @Override
  public NodeScorer scorer(float[] query) {
    ScalarQuery prepared = quantizer.query().prepare(query, distance);
    MemorySegment codes = codesFile.payload();
    long codeBytes = quantizer.codeBytes();
    return (nodes, distances, count) -> {
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        prepared.estimate4(
            codes,
            nodes[i] * codeBytes,
            nodes[i + 1] * codeBytes,
            nodes[i + 2] * codeBytes,
            nodes[i + 3] * codeBytes,
            distances,
            i);
      }
      for (; i < count; i++) {
        distances[i] = prepared.estimate(codes, nodes[i] * codeBytes);
      }
    };
  }

  @Override
  public boolean estimates() {
    return true;
  }

  /** A checksum of the whole vector file, for the manifest. */
  public long vectorFingerprint() {
    return vectors.file().fingerprint();
  }

  /** The segment's files, for their checksums. */
  public List<SegmentFile> files() {
    return List.of(vectors.file(), graphFile, codesFile);
  }

  @Override
  public long memoryBytes() {
    return 0; // mapped, so it is the page cache's
  }

  @Override
  public long diskBytes() {
    return files().stream().mapToLong(file -> file.payload().byteSize()).sum();
  }

  @Override
  public OptionalLong segmentId() {
    return OptionalLong.of(segmentId);
  }

  @Override
  public void supersede() {
    superseded = true;
  }

  @Override
  public void release() {
    arena.close();
    if (superseded) {
      KINDS.forEach(this::delete);
    }
  }

  private void delete(String kind) {
    Path path = directory.segmentPath(kind, segmentId);
    try {
      directory.io().delete(path);
    } catch (NoSuchFileException _) {
      // the database was closed and opened again before its last reader left
    } catch (IOException e) { // harmless: the manifest does not name it, the next open removes it
      LOG.log(System.Logger.Level.WARNING, () -> "could not delete " + path, e);
    }
  }
}
