package io.firn.bench.codes;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;

/**
 * A kind of code, ours or a peer's.
 *
 * @param name as tables print it
 * @param maker encodes all rows of a set
 */
record CodeKind(String name, Maker maker) {

  /** Trains on the rows if need be, then encodes them. */
  @FunctionalInterface
  interface Maker {
    CodedRows encode(FloatRows rows, Distance distance);
  }
}
