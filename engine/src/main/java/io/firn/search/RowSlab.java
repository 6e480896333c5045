package io.firn.search;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Float32 rows in native memory, appended by one writer while any number of readers look at rows
 * published earlier.
 *
 * <p>Grows by chunks that double, from 64 rows on, and never moves a row, so a small collection is
 * small and a reader's row stays where it is. The slab owns its memory: {@link #close} frees it and
 * must not race a reader; snapshots see to that.
 */
public final class RowSlab implements Rows, AutoCloseable {

  private static final int FIRST_CHUNK_ROWS = 64;
  private static final int CHUNKS = 26; // 64 * (2^26 - 1) rows pass the 32-bit row number

  private final RowLayout layout;
  private final Arena arena = Arena.ofShared();
  private final AtomicReferenceArray<MemorySegment> chunks = new AtomicReferenceArray<>(CHUNKS);
  private final AtomicLong allocatedBytes = new AtomicLong();
  private int size;

  public RowSlab(RowLayout layout) {
    this.layout = layout;
  }

  /** Copies {@code bytes}, {@code dimension} little-endian floats, in. Writer thread only. */
  public void append(MemorySegment bytes) {
    int ordinal = size;
    int chunk = chunkOf(ordinal);
    if (chunks.get(chunk) == null) {
      long chunkBytes = ((long) FIRST_CHUNK_ROWS << chunk) * layout.strideBytes();
      chunks.set(chunk, arena.allocate(chunkBytes, 64)); // zeroed, which is the padding
      allocatedBytes.addAndGet(chunkBytes);
    }
    MemorySegment.copy(bytes, 0, memory(ordinal), offset(ordinal), bytes.byteSize());
    size = ordinal + 1;
  }

  @Override
  public MemorySegment memory(int ordinal) {
    return chunks.get(chunkOf(ordinal));
  }

  @Override
  public long offset(int ordinal) {
    int firstOrdinal = FIRST_CHUNK_ROWS * ((1 << chunkOf(ordinal)) - 1);
    return (ordinal - firstOrdinal) * layout.strideBytes();
  }

  private static int chunkOf(int ordinal) {
    return 31 - Integer.numberOfLeadingZeros(ordinal / FIRST_CHUNK_ROWS + 1);
  }

  /** Native bytes held. Safe from any thread. */
  public long allocatedBytes() {
    return allocatedBytes.get();
  }

  @Override
  public void close() {
    arena.close();
  }
}
