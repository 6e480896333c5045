package io.firn.cli.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Lists of row numbers of equal length, such as the true neighbours of each query, read one after
 * the other from a file. For one thread.
 */
public interface IntListSource extends Closeable {

  /** Numbers per list, at least 1. */
  int width();

  /** Lists in the file. */
  long count();

  /**
   * Reads the next list.
   *
   * @param into receives the list in its first {@link #width} places
   * @return false when there is none, and {@code into} is as it was
   * @throws MalformedFileException if a row's own header contradicts the first row's, or the file
   *     has become shorter since it was opened
   */
  boolean next(int[] into) throws IOException;

  /**
   * Opens a file by its extension: ivecs, ibin or npy of {@code <i4}.
   *
   * @throws IllegalArgumentException if the extension is none of these
   * @throws MalformedFileException if header and file length do not agree, or the file holds
   *     something else than 32-bit integers
   */
  static IntListSource open(Path file) throws IOException {
    return RowReader.openInts(file, FileFormat.ofIntLists(file));
  }
}
