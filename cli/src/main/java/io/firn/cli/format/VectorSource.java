package io.firn.cli.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Vectors read one after the other from a file, as float32 whatever the file stores. For one
 * thread; memory is one read buffer, whatever the file's length.
 */
public interface VectorSource extends Closeable {

  /** Floats per vector, at least 1. */
  int dimension();

  /** Vectors in the file. */
  long count();

  /**
   * Reads the next vector.
   *
   * @param into receives the vector in its first {@link #dimension} places
   * @return false when there is none, and {@code into} is as it was
   * @throws MalformedFileException if a row's own header contradicts the first row's, or the file
   *     has become shorter since it was opened
   */
  boolean next(float[] into) throws IOException;

  /**
   * Opens a file by its extension: fvecs, bvecs, fbin, u8bin, i8bin or npy (one row if the array
   * has one dimension). Values are little-endian.
   *
   * @throws IllegalArgumentException if the extension is none of these
   * @throws MalformedFileException if header and file length do not agree
   */
  static VectorSource open(Path file) throws IOException {
    return RowReader.open(file, FileFormat.ofVectors(file));
  }
}
