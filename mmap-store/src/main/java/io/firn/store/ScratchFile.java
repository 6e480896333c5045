package io.firn.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Memory that the system can take back when it has too little: a file without a name, written once,
 * then mapped. Memory of the process itself could only be taken by ending the process. Nothing in
 * it is durable or has a checksum; it is gone when its mapping is. Used by one thread at a time.
 */
public final class ScratchFile implements AutoCloseable {

  private static final String TEMPORARY = ".tmp"; // the next opening removes what a crash leaves

  private final Io io;
  private final FileHandle file;
  private final long bytes;
  private long writtenBytes;
  private boolean closed;

  private ScratchFile(Io io, FileHandle file, long bytes) {
    this.io = io;
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Begins a file and reserves its space.
   *
   * @param kind as for {@link DatabaseDirectory#segmentPath}; together with the segment it is the
   *     file's until it is closed
   * @throws DiskFullException if there is no space for it; nothing is left behind
   */
  public static ScratchFile create(
      DatabaseDirectory directory, String kind, long segmentId, long bytes) throws IOException {
    directory.checkOpen();
    Io io = directory.io();
    Path path = directory.segmentPath(kind, segmentId);
    Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
    if (io.exists(temporary)) {
      io.delete(temporary);
    }
    var scratch = new ScratchFile(io, io.create(temporary), bytes);
    try {
      scratch.file.preallocate(bytes);
      return scratch;
    } catch (IOException | RuntimeException | Error e) {
      try {
        scratch.close();
      } catch (IOException f) {
        e.addSuppressed(f);
      }
      throw e;
    }
  }

  /** Appends the remaining bytes of {@code source}; big and of one size is fast. */
  public void append(ByteBuffer source) throws IOException {
    int count = source.remaining();
    if (count > bytes - writtenBytes) {
      throw new IllegalStateException(
          "file must be %d bytes but would grow to %d: that was promised at the start."
              .formatted(bytes, writtenBytes + count));
    }
    file.write(source, writtenBytes);
    writtenBytes += count;
  }

  /** Maps the file, what was not appended as zeros. The mapping lives as long as the arena. */
  public MemorySegment map(Arena arena) throws IOException {
    return file.map(bytes, arena);
  }

  /** Takes the file's name away; a mapping of it stays. A second close does nothing. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      file.close();
      io.delete(file.path());
    }
  }
}
