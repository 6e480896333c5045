package io.firn.bench.measure;

import io.firn.cli.format.VectorSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes any vector file as fvecs, which every program reads. */
final class FvecsCopy {

  private FvecsCopy() {}

  /** Copies at most {@code rows} rows; returns {@code into}. */
  static Path of(Path from, Path into, int rows) throws IOException {
    try (VectorSource source = VectorSource.open(from);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(into), 1 << 20)) {
      int dimension = source.dimension();
      float[] row = new float[dimension];
      ByteBuffer bytes =
          ByteBuffer.allocate(Integer.BYTES + dimension * Float.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(0, dimension);
      for (int i = 0; i < rows && source.next(row); i++) {
        bytes
            .slice(Integer.BYTES, dimension * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .put(row);
        out.write(bytes.array());
      }
    }
    return into;
  }
}
