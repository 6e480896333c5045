package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An open file of {@link Io}. Positions are bytes from the start. Used by one thread at a time. */
public interface FileHandle extends Closeable {

  Path path();

  /** Bytes in the file. */
  long size() throws IOException;

  /**
   * Reserves the space of the first {@code bytes} bytes, which read as zero until written. A later
   * {@link #write} inside them cannot fail for want of space.
   *
   * @throws DiskFullException if there is not so much space
   */
  void preallocate(long bytes) throws IOException;

  /** Writes all remaining bytes of {@code source} at {@code position}. */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Fills the remaining bytes of {@code target} from {@code position}.
   *
   * @throws java.io.EOFException if the file ends before
   */
  void read(ByteBuffer target, long position) throws IOException;

  /** Makes content and size durable. A failed force must never be repeated: start over instead. */
  void force() throws IOException;

  /**
   * Maps the first {@code bytes} bytes read-only; the mapping outlives the handle and ends with
   * {@code arena}. The file must be at least that long and stay so: a load behind the end of a file
   * kills the JVM.
   */
  MemorySegment map(long bytes, Arena arena) throws IOException;
}
