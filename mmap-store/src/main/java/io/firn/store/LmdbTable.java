package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import org.lmdbjava.Dbi;

/** An open table of an LMDB environment. */
final class LmdbTable {

  static final int MAX_KEY_BYTES = 511;

  final String name;
  final byte[] nameBytes;
  final Dbi<MemorySegment> dbi;

  LmdbTable(String name, Dbi<MemorySegment> dbi) {
    this.name = name;
    this.nameBytes = name.getBytes(UTF_8);
    this.dbi = dbi;
  }

  /** A key as it is compared. */
  static MemorySegment key(byte[] key) {
    if (key.length == 0 || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key must be 1..%d bytes but is %d: LMDB takes no other."
              .formatted(MAX_KEY_BYTES, key.length));
    }
    return MemorySegment.ofArray(key);
  }
}
