package io.firn.bench.data;

import java.io.IOException;

/** Vectors handed out one by one while a set is prepared. */
@FunctionalInterface
interface RowSource {

  /** Calls {@code sink} for each vector in order; the array may be reused between calls. */
  void forEach(RowSink sink) throws IOException;

  /** Receives one vector. */
  @FunctionalInterface
  interface RowSink {
    void accept(float[] row) throws IOException;
  }
}
