package io.firn.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Values of a transaction, verified, and the views of them that end with it. For one thread. */
final class LmdbViews {

  private static final int MAX_VALUE_BYTES = Integer.MAX_VALUE - 64;

  private final Lmdb lmdb;
  private final CheckedValue checked = new CheckedValue();
  private @Nullable Arena arena; // made for the first view, closed when they end

  LmdbViews(Lmdb lmdb) {
    this.lmdb = lmdb;
  }

  static void requireValue(long valueBytes) {
    if (valueBytes > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value must be at most %d bytes but is %d: it is returned as an array. Split it."
              .formatted(MAX_VALUE_BYTES, valueBytes));
    }
  }

  /** Writes the checksum of a value behind it. */
  void seal(LmdbTable table, byte[] key, MemorySegment stored) {
    checked.seal(table.nameBytes, key, stored);
  }

  /** The value in {@code stored}, for ever. */
  MemorySegment verified(LmdbTable table, byte[] key, MemorySegment stored) throws IOException {
    if (stored.byteSize() > MAX_VALUE_BYTES + CheckedValue.CRC_BYTES) {
      throw lmdb.corrupt(
          stored, "value in table " + table.name, "less than 2 GiB", stored.byteSize() + " bytes");
    }
    return checked.verified(table.nameBytes, key, stored, lmdb.file(), lmdb.offset(stored));
  }

  /** The same until {@link #end}. */
  @SuppressWarnings("restricted") // gives LMDB's memory the life of this transaction
  MemorySegment view(LmdbTable table, byte[] key, MemorySegment stored) throws IOException {
    MemorySegment value = verified(table, key, stored);
    if (arena == null) {
      arena = Arena.ofConfined();
    }
    return MemorySegment.ofAddress(value.address())
        .reinterpret(value.byteSize(), arena, null)
        .asReadOnly();
  }

  void end() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
