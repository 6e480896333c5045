package io.firn.cli.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * fvecs, bvecs, ivecs: no header; each row is its width (int32) and its numbers. The count follows
 * from the file's length, which must be a multiple of the row's.
 */
final class VecsHeader {

  private VecsHeader() {}

  static RowLayout read(Path file, FileChannel channel, ElementType type) throws IOException {
    ByteBuffer first = RowLayout.readAt(channel, 0, Integer.BYTES);
    if (first.remaining() < Integer.BYTES) {
      throw new MalformedFileException(
          file,
          0,
          "file length",
          "at least 4 bytes",
          first.remaining() + " bytes",
          "each row starts with its width",
          "An empty set has no dimension: write at least one row");
    }
    int width = RowLayout.checkedWidth(file, 0, first.getInt(0));
    RowLayout row = new RowLayout(0, Integer.BYTES, type, 0, width);
    long fileBytes = channel.size();
    return new RowLayout(0, Integer.BYTES, type, fileBytes / row.rowBytes(), width)
        .fitting(file, 0, fileBytes);
  }
}
