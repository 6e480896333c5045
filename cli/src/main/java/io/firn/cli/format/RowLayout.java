package io.firn.cli.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Where the rows of a file are.
 *
 * @param firstRowAt byte of the first row
 * @param rowPrefixBytes bytes before each row's numbers: 4 in the vecs formats, which repeat the
 *     width there, else 0
 * @param type how a number is stored
 * @param count rows
 * @param width numbers in a row, 1..{@link #MAX_WIDTH}
 */
record RowLayout(long firstRowAt, int rowPrefixBytes, ElementType type, long count, int width) {

  /** Widest row read. A wider one is far more likely to be a damaged header than a vector. */
  static final int MAX_WIDTH = 65_536;

  int rowBytes() {
    return rowPrefixBytes + width * type.bytes;
  }

  /** Reads {@code bytes} bytes at {@code at}, fewer if the file ends before. */
  static ByteBuffer readAt(FileChannel channel, long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.flip();
  }

  static int checkedWidth(Path file, long at, long width) throws MalformedFileException {
    if (width < 1 || width > MAX_WIDTH) {
      throw new MalformedFileException(
          file,
          at,
          "numbers per row",
          "1.." + MAX_WIDTH,
          Long.toString(width),
          "no vector or neighbour list has that length",
          "Check that the file is little-endian and that its extension names its format");
    }
    return (int) width;
  }

  /** Checks that header and rows fill the file exactly. */
  RowLayout fitting(Path file, long headerAt, long fileBytes) throws MalformedFileException {
    long expectedBytes;
    try {
      expectedBytes = Math.addExact(firstRowAt, Math.multiplyExact(count, (long) rowBytes()));
    } catch (ArithmeticException overflow) {
      expectedBytes = -1;
    }
    if (count < 0 || expectedBytes != fileBytes) {
      throw new MalformedFileException(
          file,
          headerAt,
          "file length",
          expectedBytes < 0 ? "below 2^63 bytes" : expectedBytes + " bytes",
          fileBytes + " bytes",
          "the header names %d rows of %d %s".formatted(count, width, type),
          "The file is cut short or of another format: fetch or write it again");
    }
    return this;
  }
}
