package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How much of a mapped file is in memory, as mincore(2) tells: pages that a read would not wait
 * for, whoever brought them in. Stateless; any thread.
 */
public final class ResidentPages {

  private static final long CHUNK_PAGES = 1 << 16;

  private ResidentPages() {}

  /**
   * Bytes in memory of a mapping that begins at a page; about 10 ms for each GiB.
   *
   * @return -1 where the platform cannot tell
   */
  public static long bytes(MemorySegment mapped) {
    long pageBytes = Posix.pageBytes();
    long resident = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(CHUNK_PAGES);
      for (long at = 0; at < mapped.byteSize(); at += CHUNK_PAGES * pageBytes) {
        MemorySegment chunk =
            mapped.asSlice(at, Math.min(CHUNK_PAGES * pageBytes, mapped.byteSize() - at));
        if (!Posix.residency(chunk, answer)) {
          return -1;
        }
        resident += pageBytes * count(answer, Math.ceilDiv(chunk.byteSize(), pageBytes));
      }
    }
    return Math.min(resident, mapped.byteSize()); // the last page is not all of the file
  }

  private static long count(MemorySegment answer, long pages) {
    long count = 0;
    for (long page = 0; page < pages; page++) {
      count += answer.get(JAVA_BYTE, page) & 1;
    }
    return count;
  }
}
