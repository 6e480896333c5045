package io.firn.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.BufferProxy;

/**
 * LMDB's keys and values as native memory segments. lmdbjava's own proxies need {@code --add-opens}
 * or {@code sun.misc.Unsafe}; this one needs native access only. Segments that come out are in the
 * global scope: {@link LmdbTxn} bounds their life.
 */
final class LmdbProxy extends BufferProxy<MemorySegment> {

  private static final Comparator<MemorySegment> UNSIGNED_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.toArray(ValueLayout.JAVA_BYTE), b.toArray(ValueLayout.JAVA_BYTE));

  @Override
  protected MemorySegment allocate() {
    return MemorySegment.NULL;
  }

  @Override
  protected void deallocate(MemorySegment segment) {
    // nothing was allocated
  }

  @Override
  protected byte[] getBytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  protected Comparator<MemorySegment> getSignedComparator() {
    return UNSIGNED_BYTES; // LMDB's order, asked for under this name for tables without flags
  }

  @Override
  protected Comparator<MemorySegment> getUnsignedComparator() {
    return UNSIGNED_BYTES;
  }

  @Override
  protected @Nullable Pointer in(MemorySegment segment, Pointer mdbVal) {
    assert segment.isNative() : "LMDB reads native memory only";
    mdbVal.putLong(STRUCT_FIELD_OFFSET_SIZE, segment.byteSize());
    mdbVal.putAddress(STRUCT_FIELD_OFFSET_DATA, segment.address());
    return null; // nothing transient to keep alive
  }

  @Override
  protected @Nullable Pointer in(MemorySegment segment, int sizeBytes, Pointer mdbVal) {
    mdbVal.putLong(STRUCT_FIELD_OFFSET_SIZE, sizeBytes);
    return null;
  }

  @Override
  @SuppressWarnings("restricted") // LMDB returns addresses; LmdbTxn checks that they are in the map
  protected MemorySegment out(MemorySegment segment, Pointer mdbVal) {
    return MemorySegment.ofAddress(mdbVal.getAddress(STRUCT_FIELD_OFFSET_DATA))
        .reinterpret(mdbVal.getLong(STRUCT_FIELD_OFFSET_SIZE));
  }
}
