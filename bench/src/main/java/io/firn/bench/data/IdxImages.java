package io.firn.bench.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Grey images of the MNIST idx3 format as vectors of their pixels, 0..255. */
record IdxImages(WordVectors.InputStreamSource file) implements RowSource {

  private static final int MAGIC = 0x0803; // unsigned bytes, three dimensions

  @Override
  public void forEach(RowSink sink) throws IOException {
    try (InputStream in = file.open();
        DataInputStream data = new DataInputStream(in)) {
      int magic = data.readInt();
      if (magic != MAGIC) {
        throw new IOException(
            "magic of an idx3 file must be 0x%08x but is 0x%08x: these are not images. Fetch the package again."
                .formatted(MAGIC, magic));
      }
      int count = data.readInt();
      int pixels = Math.multiplyExact(data.readInt(), data.readInt());
      byte[] image = new byte[pixels];
      float[] row = new float[pixels];
      for (int i = 0; i < count; i++) {
        data.readFully(image);
        for (int p = 0; p < pixels; p++) {
          row[p] = Byte.toUnsignedInt(image[p]);
        }
        sink.accept(row);
      }
    }
  }
}
