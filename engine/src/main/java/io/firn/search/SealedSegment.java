package io.firn.search;

import io.firn.CollectionSpec;
import io.firn.FirnException;
import io.firn.Tier;
import io.firn.hnsw.NodeLinks;
import io.firn.hnsw.NodeScorer;
import io.firn.store.DatabaseDirectory;
import io.firn.store.PagingAdvice;
import io.firn.store.ResidentPages;
import io.firn.store.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/**
 * Rows that do not change any more, in mapped files: the float32 vectors, which are the truth, and
 * derived from them a record of links and codes for each node, and the ids. A search walks the
 * records and ranks what it finds by the vectors. Owns its mappings until {@link #release}.
 */
public final class SealedSegment implements Segment {

  /** Every kind of file that a sealed segment has. */
  public static final List<String> KINDS =
      List.of(VectorFile.KIND, NodeRecordFile.KIND, IdFile.KIND);

  /** With more candidates than a quarter of the rows, comparing every row is faster, and exact. */
  private static final int ROWS_PER_CANDIDATE = 4;

  /** Rows ranked by their vectors beyond twice the wanted ones: heads in 8 bits err by little. */
  private static final int EXTRA_RANKED = 16;

  /** Read ahead together where all is read. */
  private static final long READ_BYTES = 1 << 22;

  private static final System.Logger LOG = System.getLogger(SealedSegment.class.getName());

  private final DatabaseDirectory directory;
  private final long segmentId;
  private final Arena arena;
  private final VectorFile vectors;
  private final NodeRecordFile records;
  private final IdFile ids;
  private final RowLayout layout;
  private final Temperature temperature = new Temperature();
  private volatile byte lastRead; // of no use but to have been read
  private volatile boolean superseded;
  private volatile boolean recordsDamaged;
  private volatile boolean idsDamaged;

  private SealedSegment(DatabaseDirectory directory, long segmentId, RowLayout layout, Arena arena)
      throws IOException {
    this.directory = directory;
    this.segmentId = segmentId;
    this.arena = arena;
    this.vectors = VectorFile.open(directory, segmentId, layout, arena);
    this.records = NodeRecordFile.open(directory, segmentId, layout, vectors.size(), arena);
    this.ids = IdFile.open(directory, segmentId, vectors.size(), arena);
    this.layout = layout;
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
  public int linked() {
    return vectors.size();
  }

  @Override
  public NodeLinks links() {
    return new RecordLinks(records, !temperature.cold());
  }

  /** The links between rows, for walks that choose their own way, as {@link #heads}. */
  NodeLinks links(WalkScratch scratch) {
    CompactRecords compact = scratch.pin(temperature);
    return compact == null ? links() : compact;
  }

  @Override
  public boolean worthWalking(int ef) {
    return !recordsDamaged && (long) ef * ROWS_PER_CANDIDATE < vectors.size();
  }

  @Override
  public int walk(
      WalkScratch scratch,
      float[] query,
      int k,
      int ef,
      IntPredicate accept,
      int[] ordinals,
      float[] distances) {
    int[] ranked = scratch.ordinals(Math.clamp(ef, k, ranked(k)));
    int count = walkRecords(scratch, query, ef, accept, ranked, scratch.distances());
    if (count >= 0) {
      scratch.calm(calm(scratch, ranked, Math.min(k, count)));
      System.arraycopy(ranked, 0, ordinals, 0, count);
      System.arraycopy(scratch.distances(), 0, distances, 0, count);
      rank(scratch, query, Math.min(k, count), count, ordinals, distances);
    }
    return count;
  }

  /** As {@link io.firn.hnsw.RecordSearcher#calm}, of the last walk. */
  double calm(WalkScratch scratch, int[] ordinals, int count) {
    return scratch.records(records).calm(ordinals, count);
  }

  /** Rows that a walk ranks by their vectors if so many are wanted. */
  static int ranked(int k) {
    return (int) Math.min(2L * k + EXTRA_RANKED, Integer.MAX_VALUE);
  }

  /**
   * Walks the records without a look at the vectors.
   *
   * @param ordinals receives the candidates, nearest first by their heads; as many as it has room
   * @param distances of their heads; as long as {@code ordinals}
   * @return how many; -1 if the records turn out to be damaged
   */
  int candidates(WalkScratch scratch, float[] query, int[] ordinals, float[] distances) {
    return walkRecords(scratch, query, ordinals.length, _ -> true, ordinals, distances);
  }

  /** Scratch that reads the segment as it lies now. */
  private RecordQuery query(WalkScratch scratch) {
    temperature.countSearch();
    RecordQuery query = scratch.records(records);
    query.take(records, temperature, scratch.pin(temperature));
    return query;
  }

  /** Distances by the heads of the records, as long as the scratch is not used otherwise. */
  NodeScorer heads(WalkScratch scratch, float[] query) {
    return query(scratch).heads(layout, query);
  }

  private int walkRecords(
      WalkScratch scratch,
      float[] query,
      int ef,
      IntPredicate accept,
      int[] ordinals,
      float[] distances) {
    try {
      return query(scratch).search(layout, query, ef, accept, ordinals, distances);
    } catch (FirnException.Corrupt e) {
      recordsDamaged = true;
      giveUp(NodeRecordFile.KIND, "searches compare every row", e);
      return -1;
    }
  }

  /**
   * Compares the vectors of the first k nodes, and of those behind them that their heads leave in
   * doubt.
   *
   * @param scratch of the walk that found them
   * @param ordinals nodes, nearest first by their heads
   * @param distances of the heads; becomes the exact ones, infinite for those left out
   */
  void rank(
      WalkScratch scratch, float[] query, int k, int count, int[] ordinals, float[] distances) {
    RecordQuery heads = scratch.records(records);
    heads.askForRows(vectors, ordinals, distances, k, count);
    Distances.many(layout, query, vectors, ordinals, distances, 0, k);
    float worst = 0;
    for (int i = 0; i < k; i++) {
      worst = Math.max(worst, distances[i]);
    }
    float limit = Distances.squaredLength(layout.metric(), worst);
    int doubtful = heads.bringDoubtful(ordinals, distances, k, count, limit);
    Distances.many(layout, query, vectors, ordinals, distances, k, doubtful);
    Arrays.fill(distances, doubtful, count, Float.POSITIVE_INFINITY);
  }

  /** Is told an id, as a long or as text. */
  public interface IdVisitor {

    void number(long id);

    void text(String id);
  }

  /**
   * Tells the id of a row, without allocating if it is a long.
   *
   * @return false if the file of ids is damaged there: then the rows table is asked
   */
  public boolean visitId(int ordinal, IdVisitor visitor) {
    if (idsDamaged) {
      return false;
    }
    try {
      String found = ids.text(ordinal);
      if (found == null) {
        visitor.number(ids.number(ordinal));
      } else {
        visitor.text(found);
      }
      return true;
    } catch (FirnException.Corrupt e) {
      idsDamaged = true;
      giveUp(IdFile.KIND, "ids come from the rows table", e);
      return false;
    }
  }

  /** Deletes a derived file that is damaged; the next open makes it again. */
  private void giveUp(String kind, String meanwhile, FirnException why) {
    LOG.log(
        System.Logger.Level.WARNING, () -> meanwhile + " until the next open: " + why.getMessage());
    delete(kind);
  }

  /** The records, for {@link NodeRecordFile#validate}. */
  public NodeRecordFile records() {
    return records;
  }

  /** Whether searches wait for the disk. */
  public Temperature temperature() {
    return temperature;
  }

  /** A checksum of the whole vector file, for the manifest. */
  public long vectorFingerprint() {
    return vectors.file().fingerprint();
  }

  /** The segment's files, for their checksums. */
  public List<SegmentFile> files() {
    return List.of(vectors.file(), records.file(), ids.file());
  }

  @Override
  public Tier tier() {
    return temperature.tier();
  }

  @Override
  public long memoryBytes() {
    CompactRecords compact = temperature.compact();
    return compact == null ? 0 : compact.bytes(); // what is mapped is the page cache's
  }

  /** Bytes of memory that the compact form takes, or would take. */
  public long compactBytes() {
    return CompactRecords.bytes(records);
  }

  /**
   * Has searches walk a compact form in memory from now on, reading all records to make it.
   *
   * @param goOn asked from time to time; may take its time
   * @return false if it was not to go on, the records are damaged or the disk is full
   */
  public boolean makeCompact(BooleanSupplier goOn) {
    try {
      CompactRecords compact =
          recordsDamaged ? null : CompactEncoder.encode(directory, segmentId, records, goOn);
      if (compact == null) {
        return false;
      }
      temperature.setCompact(compact);
      return true;
    } catch (FirnException.Corrupt | IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the segment stays on the disk", e);
      return false;
    }
  }

  /**
   * Reads all files into memory, as far as the system keeps them there.
   *
   * @param goOn asked from time to time; may take its time
   * @return false if it was not to go on
   */
  public boolean readAll(BooleanSupplier goOn) {
    for (SegmentFile file : files()) {
      MemorySegment payload = file.payload();
      for (long at = 0; at < payload.byteSize(); at += READ_BYTES) {
        if (!goOn.getAsBoolean()) {
          return false;
        }
        long bytes = Math.min(READ_BYTES, payload.byteSize() - at);
        PagingAdvice.willNeed(payload.asSlice(at, bytes));
        lastRead = payload.get(ValueLayout.JAVA_BYTE, at + bytes - 1); // waits for what was begun
      }
    }
    return true;
  }

  /** A byte that {@link #readAll} read last; of no use but to have been read. */
  byte lastRead() {
    return lastRead;
  }

  /** Has searches walk the records again. */
  public void dropCompact() {
    temperature.setCompact(null);
  }

  @Override
  public long mappedBytes() {
    return files().stream().mapToLong(file -> file.payload().byteSize()).sum();
  }

  @Override
  public long residentBytes() {
    long resident = 0;
    for (SegmentFile file : files()) {
      long bytes = ResidentPages.bytes(file.payload());
      if (bytes < 0) {
        return -1;
      }
      resident += bytes;
    }
    return resident;
  }

  @Override
  public long diskBytes() {
    return files().stream().mapToLong(SegmentFile::fileBytes).sum();
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
    dropCompact();
    arena.close();
    if (superseded) {
      KINDS.forEach(this::delete);
    }
  }

  private void delete(String kind) {
    Path path = directory.segmentPath(kind, segmentId);
    try {
      directory.discard(path);
    } catch (NoSuchFileException _) {
      // the database was closed and opened again before its last reader left
    } catch (IOException e) { // harmless: the manifest does not name it, the next open removes it
      LOG.log(System.Logger.Level.WARNING, () -> "could not delete " + path, e);
    }
  }
}
