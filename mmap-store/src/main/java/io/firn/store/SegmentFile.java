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

/**
 * A write-once, checksummed file: the one format for vectors, graphs, codes and checkpoints. A
 * header of 4 KiB, the payload, a table of one CRC32C per 64 KiB of payload, a footer.
 *
 * <p>An open segment file is a read-only mapping that lives as long as the arena it was opened in.
 * Its memory must not be touched after that arena is closed. Safe for any thread, given such an
 * arena.
 */
public final class SegmentFile {

  static final long MAX_PAYLOAD_BYTES = 1L << 44;

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
   * SegmentWriter#finish}.
   *
   * @param kind what the payload is, see {@link DatabaseDirectory#segmentPath}
   * @param attributes up to 8 longs for the header; the rest is 0
   * @param payloadBytes exactly what will be appended
   * @throws DiskFullException if there is no space for it; nothing is left behind
   */
  public static SegmentWriter create(
      DatabaseDirectory directory,
      String kind,
      long segmentId,
      long[] attributes,
      long payloadBytes)
      throws IOException {
    return SegmentWriter.create(directory, kind, segmentId, attributes, payloadBytes);
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

  /**
   * Has these bytes of the payload read ahead, and all of a block that is still to be verified.
   *
   * @param bytes 1 or more
   */
  public void ask(PageRequests requests, long from, long bytes) {
    if (sound.cover(from, bytes)) {
      requests.ask(payload, from, bytes);
    } else {
      long first = from / SegmentHeader.BLOCK_BYTES * SegmentHeader.BLOCK_BYTES;
      long blocks = Math.ceilDiv(from + bytes - first, SegmentHeader.BLOCK_BYTES);
      long end = Math.min(first + blocks * SegmentHeader.BLOCK_BYTES, payload.byteSize());
      requests.ask(payload, first, end - first);
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
}
