package io.firn.store;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * Writes one {@link SegmentFile}, front to back, under a temporary name. {@link #finish} makes it
 * durable and visible at once; {@link #close} before that leaves nothing. Used by one thread at a
 * time.
 */
public final class SegmentWriter implements AutoCloseable {

  private static final String TEMPORARY = ".tmp";

  /**
   * Bytes of one write, which ends at a multiple of them in the file. Linux keeps a write of 2 MiB
   * at such a place in a huge page of the page cache, and a mapping of the file then needs one
   * entry of the address translation cache where it needed 512: a random read of 512 MiB took 163
   * ns instead of 185 (docs/decisions/032).
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

  private SegmentWriter(
      DatabaseDirectory directory, Path path, FileHandle file, SegmentHeader header) {
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

  static SegmentWriter create(
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
    if (payloadBytes < 0 || payloadBytes > SegmentFile.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "payloadBytes must be 0..%d but is %d: the block table is held in memory. Write several segments."
              .formatted(SegmentFile.MAX_PAYLOAD_BYTES, payloadBytes));
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

  private static SegmentWriter reserve(DatabaseDirectory directory, Path path, SegmentHeader header)
      throws IOException {
    Io io = directory.io();
    Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
    if (io.exists(temporary)) {
      io.delete(temporary); // of a crash: the lock says that nobody else is writing here
    }
    SegmentWriter writer = new SegmentWriter(directory, path, io.create(temporary), header);
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
   * Completes the file: forces it, gives it its name, forces the directory. After an exception the
   * writer is closed and the segment must be considered absent; a file that already has its name is
   * an orphan.
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

  /** {@link #abort}, so that a writer can be a resource: after {@link #finish} it does nothing. */
  @Override
  public void close() throws IOException {
    abort();
  }

  /** Gives up: deletes what was written. After {@link #finish} or a second time it does nothing. */
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
