package io.firn.cli.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** fbin, u8bin, i8bin, ibin: row count and row width (uint32 each), then the numbers. */
final class BinHeader {

  private static final int BYTES = 2 * Integer.BYTES;

  private BinHeader() {}

  static RowLayout read(Path file, FileChannel channel, ElementType type) throws IOException {
    ByteBuffer header = RowLayout.readAt(channel, 0, BYTES);
    if (header.remaining() < BYTES) {
      throw new MalformedFileException(
          file,
          0,
          "file length",
          "at least 8 bytes",
          header.remaining() + " bytes",
          "the header holds row count and row width",
          "Fetch or write the file again");
    }
    long count = Integer.toUnsignedLong(header.getInt(0));
    int width =
        RowLayout.checkedWidth(
            file, Integer.BYTES, Integer.toUnsignedLong(header.getInt(Integer.BYTES)));
    return new RowLayout(BYTES, 0, type, count, width).fitting(file, 0, channel.size());
  }
}
