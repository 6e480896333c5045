package io.firn.write;

import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.FileHandle;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A file that the process which writes it reads again: first bytes are appended, then they are read
 * from the start, as often as wanted. Never forced, of no use after a crash, when it is an orphan
 * among the segment files. A checksum in memory tells whether what is read is what was written. One
 * thread at a time.
 */
final class Spool {

  private static final int BUFFER_BYTES = 1 << 20;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final Io io;
  private final FileHandle file;
  private final CRC32C written = new CRC32C();
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long writtenBytes;

  private Spool(Io io, FileHandle file) {
    this.io = io;
    this.file = file;
  }

  static Spool create(DatabaseDirectory directory, String kind, long id) throws IOException {
    Io io = directory.io();
    return new Spool(io, io.create(directory.segmentPath(kind, id)));
  }

  void append(byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      int count = Math.min(buffer.remaining(), bytes.length - at);
      buffer.put(bytes, at, count);
      at += count;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    written.update(buffer.duplicate());
    int count = buffer.remaining();
    file.write(buffer, writtenBytes);
    writtenBytes += count;
    buffer.clear();
  }

  /** Ends the appending; what it needed of memory is given back. */
  void finish() throws IOException {
    flush();
    buffer = NONE;
  }

  long bytes() {
    return writtenBytes;
  }

  /** Closes and deletes the file. A second time it does nothing. */
  void delete() throws IOException {
    file.close();
    if (io.exists(file.path())) {
      io.delete(file.path());
    }
  }

  /** Starts to read a finished spool. */
  Reader read() {
    return new Reader();
  }

  /** Reads a spool from its start. */
  final class Reader {

    private final ByteBuffer chunk = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final CRC32C read = new CRC32C();
    private long readBytes;

    /**
     * Fills an array with the next bytes.
     *
     * @throws CorruptFileException with the last bytes, if any of the file are not those written
     */
    void next(byte[] bytes) throws IOException {
      int at = 0;
      while (at < bytes.length) {
        if (!chunk.hasRemaining()) {
          fill();
        }
        int count = Math.min(chunk.remaining(), bytes.length - at);
        chunk.get(bytes, at, count);
        at += count;
      }
    }

    private void fill() throws IOException {
      chunk.clear().limit((int) Math.min(BUFFER_BYTES, writtenBytes - readBytes));
      if (!chunk.hasRemaining()) {
        throw new IllegalStateException(file.path() + " is read beyond its end");
      }
      file.read(chunk, readBytes);
      chunk.flip();
      readBytes += chunk.limit();
      read.update(chunk.duplicate());
      if (readBytes == writtenBytes && read.getValue() != written.getValue()) {
        throw new CorruptFileException(
            file.path(),
            -1,
            "crc32c",
            Long.toHexString(written.getValue()),
            Long.toHexString(read.getValue()));
      }
    }
  }
}
