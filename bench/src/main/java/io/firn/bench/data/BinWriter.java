package io.firn.bench.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes an fbin or ibin file row by row: row count and width (uint32), then the numbers. The file
 * appears under its name only when closed whole.
 */
public final class BinWriter implements Closeable {

  private static final int HEADER_BYTES = 2 * Integer.BYTES;
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final Path partial;
  private final int width;
  private final FileChannel channel;
  private final ByteBuffer buffer;
  private int count;

  /** Starts {@code file} with rows of {@code width} numbers. */
  public BinWriter(Path file, int width) throws IOException {
    this.file = file;
    this.partial = file.resolveSibling(file.getFileName() + ".partial");
    this.width = width;
    this.channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.buffer =
        ByteBuffer.allocate(Math.max(BUFFER_BYTES, width * Integer.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    channel.position(HEADER_BYTES);
  }

  /** Appends a vector: the first {@code width} floats of {@code row}. */
  public void write(float[] row) throws IOException {
    reserveRow();
    for (int i = 0; i < width; i++) {
      buffer.putFloat(row[i]);
    }
  }

  /** Appends a list of ids: the first {@code width} ints of {@code row}. */
  public void write(int[] row) throws IOException {
    reserveRow();
    for (int i = 0; i < width; i++) {
      buffer.putInt(row[i]);
    }
  }

  /** Rows written so far. */
  public int count() {
    return count;
  }

  private void reserveRow() throws IOException {
    if (buffer.remaining() < width * Integer.BYTES) {
      drain();
    }
    count++;
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      drain();
      channel.position(0);
      buffer.putInt(count).putInt(width);
      drain();
    }
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
