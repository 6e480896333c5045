package io.firn.cli.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Streams the rows of a checked layout through one buffer. */
final class RowReader implements VectorSource, IntListSource {

  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final RowLayout layout;
  private final ByteBuffer buffer;
  private long nextRow;

  private RowReader(Path file, FileChannel channel, RowLayout layout) throws IOException {
    this.file = file;
    this.channel = channel;
    this.layout = layout;
    long wantedBytes = Math.min(BUFFER_BYTES, layout.count() * layout.rowBytes());
    this.buffer =
        ByteBuffer.allocate((int) Math.max(layout.rowBytes(), wantedBytes))
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
    channel.position(layout.firstRowAt());
  }

  static RowReader open(Path file, FileFormat format) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new RowReader(file, channel, format.layout(file, channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static RowReader openInts(Path file, FileFormat format) throws IOException {
    RowReader reader = open(file, format);
    if (reader.layout.type() != ElementType.INT32) {
      reader.close();
      throw NpyHeader.malformed(file, 0, "descr", "<i4", reader.layout.type().toString());
    }
    return reader;
  }

  @Override
  public int dimension() {
    return layout.width();
  }

  @Override
  public int width() {
    return layout.width();
  }

  @Override
  public long count() {
    return layout.count();
  }

  @Override
  public boolean next(float[] into) throws IOException {
    int numbersAt = advance(into.length);
    if (numbersAt < 0) {
      return false;
    }
    layout.type().decode(buffer, numbersAt, into, layout.width());
    return true;
  }

  @Override
  public boolean next(int[] into) throws IOException {
    int numbersAt = advance(into.length);
    if (numbersAt < 0) {
      return false;
    }
    for (int i = 0; i < layout.width(); i++) {
      into[i] = buffer.getInt(numbersAt + i * Integer.BYTES);
    }
    return true;
  }

  /**
   * Makes the next row resident in the buffer; returns where its numbers start, or -1 at the end.
   */
  private int advance(int room) throws IOException {
    if (room < layout.width()) {
      throw new IllegalArgumentException(
          "target array must hold %d numbers but holds %d: a row is read whole. Size it by the source's width."
              .formatted(layout.width(), room));
    }
    if (nextRow == layout.count()) {
      return -1;
    }
    if (buffer.remaining() < layout.rowBytes()) {
      refill();
    }
    int rowAt = buffer.position();
    buffer.position(rowAt + layout.rowBytes());
    checkPrefix(rowAt);
    nextRow++;
    return rowAt + layout.rowPrefixBytes();
  }

  private void refill() throws IOException {
    buffer.compact();
    while (buffer.position() < layout.rowBytes()) {
      if (channel.read(buffer) < 0) {
        throw new MalformedFileException(
            file,
            fileOffsetOfNextRow(),
            "row " + nextRow,
            "complete",
            "cut short",
            "the file became shorter while it was read",
            "Let its writer finish and read it again");
      }
    }
    buffer.flip();
  }

  private void checkPrefix(int rowAt) throws MalformedFileException {
    if (layout.rowPrefixBytes() > 0 && buffer.getInt(rowAt) != layout.width()) {
      throw new MalformedFileException(
          file,
          fileOffsetOfNextRow(),
          "width of row " + nextRow,
          layout.width() + " as in row 0",
          Integer.toString(buffer.getInt(rowAt)),
          "all rows of a set have one dimension",
          "The file is damaged or of another format: fetch or write it again");
    }
  }

  private long fileOffsetOfNextRow() {
    return layout.firstRowAt() + nextRow * layout.rowBytes();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
