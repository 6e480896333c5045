package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * A write-once, checksummed file: the one format for vectors, graphs, codes and checkpoints. A
 * header of 4 KiB, the payload, a table of one CRC32C per 64 KiB of payload, a footer.
 *
 * <p>An open segment file is a read-only mapping that lives as long as the arena it was opened in.
 * Its memory must not be touched after that arena is closed. Safe for any thread, given such an
 * arena.
 */
public final class SegmentFile {

  private static final long MAX_PAYLOAD_BYTES = 1L << 44;

  private static final ValueLayout.OfInt CRC = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final String TABLE_FIELD = "crc32c of the block table";

  private final Path path;
  private final Io io;
  private final SegmentHeader header;
  private final SegmentFooter footer;
  private final MemorySegment payload;
  private final MemorySegment table;
  private final SoundBlocks sound;
  private volatile boolean tableSound;

  private SegmentFile(
      Path path, Io io, SegmentHeader header, SegmentFooter footer, MemorySegment mapped) {
    this.path = path;
    this.io = io;
    this.header = header;
    this.footer = footer;
    this.payload = mapped.asSlice(SegmentHeader.BYTES, header.payloadBytes());
    this.table = mapped.asSlice(SegmentHeader.BYTES + header.payloadBytes()); // with its padding
    this.sound = new SoundBlocks(header.blocks());
  }

  /**
   * Begins a new segment file and reserves its space. It gets its name only by {@link
   * Writer#finish}.
   *
   * @param kind what the payload is, see {@link DatabaseDirectory#segmentPath}
   * @param attributes up to 8 longs for the header; the rest is 0
   * @param payloadBytes exactly what will be appended
   * @throws DiskFullException if there is no space for it; nothing is left behind
   */
  public static Writer create(
      DatabaseDirectory directory,
      String kind,
      long segmentId,
      long[] attributes,
      long payloadBytes)
      throws IOException {
    return Writer.create(directory, kind, segmentId, attributes, payloadBytes);
  }

  /**
   * Verifies the frame of a segment file by reading, then maps it. The payload is not verified: see
   * {@link #requireSound} and {@link #verify}.
   *
   * @param arena whose closing ends the mapping
   * @throws CorruptFileException if header, footer or size are wrong, or it is another segment's
   *     file
   */
  public static SegmentFile open(
      DatabaseDirectory directory, String kind, long segmentId, Arena arena) throws IOException {
    directory.checkOpen();
    Path path = directory.segmentPath(kind, segmentId);
    try (FileHandle file = directory.io().open(path)) {
      SegmentHeader header = readHeader(file, directory);
      header.expectName(path, kind, segmentId);
      SegmentFooter footer = readFooter(file, header);
      MemorySegment mapped = file.map(header.footerAt(), arena);
      return new SegmentFile(path, directory.io(), header, footer, mapped);
    }
  }

  private static SegmentHeader readHeader(FileHandle file, DatabaseDirectory directory)
      throws IOException {
    Path path = file.path();
    long fileBytes = file.size();
    if (fileBytes < SegmentHeader.BYTES + SegmentFooter.BYTES) {
      throw new CorruptFileException(
          path, fileBytes, "file size", "at least a header and a footer", Long.toString(fileBytes));
    }
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    file.read(bytes, 0);
    SegmentHeader header = SegmentHeader.decode(path, bytes, directory.databaseId());
    if (header.payloadBytes() < 0 || header.payloadBytes() > MAX_PAYLOAD_BYTES) {
      throw new CorruptFileException(
          path,
          SegmentHeader.PAYLOAD_BYTES_AT,
          "payload bytes",
          "0.." + MAX_PAYLOAD_BYTES,
          Long.toString(header.payloadBytes()));
    }
    expect(
        path, Math.min(fileBytes, header.fileBytes()), "file size", header.fileBytes(), fileBytes);
    return header;
  }

  private static SegmentFooter readFooter(FileHandle file, SegmentHeader header)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentFooter.BYTES);
    file.read(bytes, header.footerAt());
    return SegmentFooter.decode(file.path(), header.footerAt(), bytes, header.crc());
  }

  public Path path() {
    return path;
  }

  public String kind() {
    return header.kind();
  }

  public long segmentId() {
    return header.segmentId();
  }

  /** The payload, read-only, aligned to 4096 bytes; valid while the arena is open. */
  public MemorySegment payload() {
    return payload;
  }

  /** Bytes of the whole file. */
  public long fileBytes() {
    return header.fileBytes();
  }

  /** Bytes of a whole file with so much payload. */
  public static long fileBytes(long payloadBytes) {
    return SegmentHeader.fileBytes(payloadBytes);
  }

  /** Attribute {@code i}, 0..7, as given to {@link #create}; 0 if it was not given. */
  public long attribute(int i) {
    return header.attributes().get(i);
  }

  /**
   * A checksum of everything in the file, from the checksums it carries. Kept elsewhere, it tells
   * this file from an older or foreign one under its name.
   */
  public long fingerprint() {
    return (long) header.crc() << Integer.SIZE | Integer.toUnsignedLong(footer.tableCrc());
  }

  /**
   * Reads the whole file, never through the mapping, and compares every checksum.
   *
   * @throws CorruptFileException naming the first damaged block
   */
  public void verify() throws IOException {
    try (FileHandle file = io.open(path)) {
      expect(path, 0, "file size", header.fileBytes(), file.size());
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
      file.read(bytes, 0);
      SegmentHeader found = SegmentHeader.decode(path, bytes, header.databaseId());
      expect(path, SegmentHeader.CRC_AT, "header crc32c", header.crc(), found.crc());
      expect(
          path,
          header.footerAt(),
          "table crc32c",
          footer.tableCrc(),
          readFooter(file, header).tableCrc());
      verifyBlocks(file, readTable(file));
    }
  }

  /**
   * Verifies the blocks that hold these bytes of the payload, unless that was done before. Call it
   * before the payload is believed: a block that was verified costs a look at one bit. Through the
   * mapping, whose length is proven, so that no limit of descriptors and no interrupt can fail it.
   *
   * @param bytes 1 or more
   * @throws CorruptFileException naming the damaged block
   */
  public void requireSound(long from, long bytes) throws CorruptFileException {
    if (!sound.cover(from, bytes)) {
      verifyOnce(from, bytes);
    }
  }

  private void verifyOnce(long from, long bytes) throws CorruptFileException {
    if (!tableSound) {
      long payloadEnd = SegmentHeader.BYTES + header.payloadBytes();
      expect(path, payloadEnd, TABLE_FIELD, footer.tableCrc(), Checksums.crc32c(table));
      tableSound = true;
    }
    long last = (from + bytes - 1) / SegmentHeader.BLOCK_BYTES;
    for (long i = from / SegmentHeader.BLOCK_BYTES; i <= last; i++) {
      if (!sound.isMarked(i)) {
        verifyMapped(i);
        sound.mark(i);
      }
    }
  }

  private void verifyMapped(long i) throws CorruptFileException {
    long at = i * SegmentHeader.BLOCK_BYTES;
    MemorySegment block =
        payload.asSlice(at, Math.min(SegmentHeader.BLOCK_BYTES, header.payloadBytes() - at));
    PagingAdvice.willNeed(block); // one read of the device, not one for each page
    long crcAt = header.tableAt() - SegmentHeader.BYTES - header.payloadBytes() + i * Integer.BYTES;
    expectBlock(i, table.get(CRC, crcAt), Checksums.crc32c(block));
  }

  private void expectBlock(long i, int expected, int found) throws CorruptFileException {
    if (expected != found) {
      long at = SegmentHeader.BYTES + i * SegmentHeader.BLOCK_BYTES;
      expect(path, at, "crc32c of block " + i, expected, found);
    }
  }

  private ByteBuffer readTable(FileHandle file) throws IOException {
    long payloadEnd = SegmentHeader.BYTES + header.payloadBytes();
    ByteBuffer table = ByteBuffer.allocate(Math.toIntExact(header.footerAt() - payloadEnd));
    file.read(table, payloadEnd);
    int crc = Checksums.crc32c(table.flip());
    expect(path, payloadEnd, TABLE_FIELD, footer.tableCrc(), crc);
    return table.position((int) (header.tableAt() - payloadEnd)).slice().order(LITTLE_ENDIAN);
  }

  private void verifyBlocks(FileHandle file, ByteBuffer crcs) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(SegmentHeader.BLOCK_BYTES);
    for (long i = 0; i < header.blocks(); i++) {
      long at = i * SegmentHeader.BLOCK_BYTES;
      block.clear().limit((int) Math.min(SegmentHeader.BLOCK_BYTES, header.payloadBytes() - at));
      file.read(block, SegmentHeader.BYTES + at);
      expectBlock(i, crcs.getInt(), Checksums.crc32c(block.flip()));
    }
  }

  /**
   * Writes one {@link SegmentFile}, front to back, under a temporary name. {@link #finish} makes it
   * durable and visible at once; {@link #close} before that leaves nothing. Used by one thread at a
   * time.
   */
  public static final class Writer implements AutoCloseable {

    private static final String TEMPORARY = ".tmp";

    /**
     * Bytes of one write, which ends at a multiple of them in the file. Linux keeps a write of 2
     * MiB at such a place in a huge page of the page cache, and a mapping of the file then needs
     * one entry of the address translation cache where it needed 512: a random read of 512 MiB took
     * 163 ns instead of 185 (docs/decisions/032).
     */
    private static final int CHUNK_BYTES = 2 << 20;

    private final DatabaseDirectory directory;
    private final Io io;
    private final Path path;
    private final Path temporary;
    private final FileHandle file;
    private final SegmentHeader header;
    private final ByteBuffer chunk;
    private final CRC32C blockCrc = new CRC32C();
    private final ByteBuffer table;
    private long appendedBytes;
    private long writtenBytes;
    private boolean closed;

    private Writer(DatabaseDirectory directory, Path path, FileHandle file, SegmentHeader header) {
      this.directory = directory;
      this.io = directory.io();
      this.path = path;
      this.temporary = file.path();
      this.file = file;
      this.header = header;
      long payloadEnd = SegmentHeader.BYTES + header.payloadBytes();
      this.chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, payloadEnd));
      this.table =
          ByteBuffer.allocate(Math.toIntExact(header.footerAt() - payloadEnd))
              .order(LITTLE_ENDIAN)
              .position((int) (header.tableAt() - payloadEnd)); // behind the padding
      chunk.position(SegmentHeader.BYTES); // the header's place, which is written last
    }

    static Writer create(
        DatabaseDirectory directory,
        String kind,
        long segmentId,
        long[] attributes,
        long payloadBytes)
        throws IOException {
      directory.checkOpen();
      Path path = directory.segmentPath(kind, segmentId);
      if (attributes.length > SegmentHeader.ATTRIBUTES) {
        throw new IllegalArgumentException(
            "attributes must be at most %d but are %d: the header has no place for more."
                .formatted(SegmentHeader.ATTRIBUTES, attributes.length));
      }
      if (payloadBytes < 0 || payloadBytes > MAX_PAYLOAD_BYTES) {
        throw new IllegalArgumentException(
            "payloadBytes must be 0..%d but is %d: the block table is held in memory. Write several segments."
                .formatted(MAX_PAYLOAD_BYTES, payloadBytes));
      }
      if (directory.io().exists(path)) {
        throw new IllegalStateException(
            "%s must not exist: segment files are written once. Use a new segment id."
                .formatted(path));
      }
      SegmentHeader header =
          new SegmentHeader(
              directory.databaseId(),
              kind,
              segmentId,
              payloadBytes,
              LongStream.of(Arrays.copyOf(attributes, SegmentHeader.ATTRIBUTES)).boxed().toList());
      return reserve(directory, path, header);
    }

    private static Writer reserve(DatabaseDirectory directory, Path path, SegmentHeader header)
        throws IOException {
      Io io = directory.io();
      Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
      if (io.exists(temporary)) {
        io.delete(temporary); // of a crash: the lock says that nobody else is writing here
      }
      Writer writer = new Writer(directory, path, io.create(temporary), header);
      try {
        writer.file.preallocate(header.fileBytes());
        return writer;
      } catch (IOException | RuntimeException | Error e) {
        writer.abandon(e);
        throw e;
      }
    }

    /** Appends all bytes of {@code source}, which is copied. */
    public void append(MemorySegment source) throws IOException {
      checkRoom(source.byteSize());
      long at = 0;
      while (at < source.byteSize()) {
        int inBlock = (int) (appendedBytes % SegmentHeader.BLOCK_BYTES);
        int room = Math.min(SegmentHeader.BLOCK_BYTES - inBlock, chunk.remaining());
        int count = (int) Math.min(room, source.byteSize() - at);
        MemorySegment.copy(source, at, MemorySegment.ofBuffer(chunk), 0, count);
        blockCrc.update(chunk.duplicate().limit(chunk.position() + count));
        chunk.position(chunk.position() + count);
        appendedBytes += count;
        at += count;
        if (inBlock + count == SegmentHeader.BLOCK_BYTES) {
          endBlock();
        }
        if (!chunk.hasRemaining()) {
          writeChunk();
        }
      }
    }

    /** Appends the remaining bytes of {@code source}. */
    public void append(ByteBuffer source) throws IOException {
      append(MemorySegment.ofBuffer(source));
      source.position(source.limit());
    }

    /** Bytes of payload appended so far. */
    public long appendedBytes() {
      return appendedBytes;
    }

    /**
     * Completes the file: forces it, gives it its name, forces the directory. After an exception
     * the writer is closed and the segment must be considered absent; a file that already has its
     * name is an orphan.
     */
    public void finish() throws IOException {
      checkOpen();
      if (appendedBytes != header.payloadBytes()) {
        throw new IllegalStateException(
            "payload must be %d bytes but is %d: that was promised at the start."
                .formatted(header.payloadBytes(), appendedBytes));
      }
      try {
        if (appendedBytes % SegmentHeader.BLOCK_BYTES != 0) {
          endBlock();
        }
        writeChunk();
        writeFrame();
        file.force();
        file.close();
        io.rename(temporary, path);
        io.forceDirectory(directory.segmentsPath());
        closed = true;
      } catch (IOException | RuntimeException | Error e) {
        abandon(e);
        throw e;
      }
    }

    /**
     * {@link #abort}, so that a writer can be a resource: after {@link #finish} it does nothing.
     */
    @Override
    public void close() throws IOException {
      abort();
    }

    /**
     * Gives up: deletes what was written. After {@link #finish} or a second time it does nothing.
     */
    public void abort() throws IOException {
      if (!closed) {
        closed = true;
        file.close();
        if (io.exists(temporary)) {
          io.delete(temporary);
        }
      }
    }

    private void writeFrame() throws IOException {
      table.flip();
      SegmentFooter footer = new SegmentFooter(header.crc(), Checksums.crc32c(table));
      file.write(table, SegmentHeader.BYTES + header.payloadBytes());
      file.write(footer.encode(), header.footerAt());
      file.write(header.encode(), 0);
    }

    private void endBlock() {
      table.putInt((int) blockCrc.getValue());
      blockCrc.reset();
    }

    /** The first chunk lacks the header's bytes; from then on each is a whole one. */
    private void writeChunk() throws IOException {
      chunk.flip().position(writtenBytes == 0 ? SegmentHeader.BYTES : 0);
      if (chunk.hasRemaining()) {
        int count = chunk.remaining();
        file.write(chunk, SegmentHeader.BYTES + writtenBytes);
        writtenBytes += count;
      }
      chunk.clear();
    }

    private void checkRoom(long count) {
      checkOpen();
      if (appendedBytes + count > header.payloadBytes()) {
        throw new IllegalStateException(
            "payload must be %d bytes but would grow to %d: that was promised at the start."
                .formatted(header.payloadBytes(), appendedBytes + count));
      }
    }

    private void checkOpen() {
      if (closed) {
        throw new ClosedStoreException("the writer of " + path);
      }
    }

    private void abandon(Throwable cause) {
      try {
        abort();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
