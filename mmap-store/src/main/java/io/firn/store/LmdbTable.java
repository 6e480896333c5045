package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import org.lmdbjava.Dbi;

/** An open table of an LMDB environment. */
final class LmdbTable {

  final String name;
  final byte[] nameBytes;
  final Dbi<MemorySegment> dbi;

  LmdbTable(String name, Dbi<MemorySegment> dbi) {
    this.name = name;
    this.nameBytes = name.getBytes(UTF_8);
    this.dbi = dbi;
  }
}
