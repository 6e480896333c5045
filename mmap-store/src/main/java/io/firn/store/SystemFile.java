package io.firn.store;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** A file of {@link SystemIo}, by a {@link FileChannel}. */
record SystemFile(Path path, FileChannel channel) implements FileHandle {

  private static final int ZEROS_BYTES = 1 << 16;

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void preallocate(long bytes) throws IOException {
    if (!Posix.preallocate(path, bytes)) {
      writeZeros(bytes);
    }
  }

  /** Reserves space where the file system cannot: what was not written yet up to {@code bytes}. */
  void writeZeros(long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    for (long at = channel.size(); at < bytes; at += ZEROS_BYTES) {
      write(zeros.clear().limit((int) Math.min(ZEROS_BYTES, bytes - at)), at);
    }
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    try {
      long at = position;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    } catch (IOException e) {
      throw DiskFullException.orSame(path, e);
    }
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new EOFException(
            "%s ends at byte %d, %d short".formatted(path, at, target.remaining()));
      }
      at += count;
    }
  }

  @Override
  public void force() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw DiskFullException.orSame(path, e);
    }
  }

  @Override
  public MemorySegment map(long bytes, Arena arena) throws IOException {
    return channel.map(MapMode.READ_ONLY, 0, bytes, arena);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
