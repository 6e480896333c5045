package io.firn.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Has the system read pages of mapped files before somebody needs them, many at a time and without
 * waiting, and counts how often it had to. Allocates nothing after it is made; for one thread.
 */
public final class PageRequests {

  private static final int MOST_PAGES = 64;

  private final MemorySegment answer = Arena.ofAuto().allocate(MOST_PAGES);
  private int asked;
  private int missing;

  /**
   * Starts reading those pages that hold some bytes, unless all are in memory.
   *
   * @param mapped a mapping, whose page cache is asked first: that costs less than advice
   */
  void ask(MemorySegment mapped, long from, long bytes) {
    Objects.checkFromIndexSize(from, bytes, mapped.byteSize());
    long address = mapped.address() + from;
    long pages = address & -Posix.pageBytes();
    long length = Math.min(address + bytes - pages, MOST_PAGES * Posix.pageBytes());
    asked++;
    try {
      if (Posix.residency(pages, length, answer) && !areResident(length)) {
        missing++;
        PagingAdvice.willNeed(pages, length);
      }
    } finally {
      Reference.reachabilityFence(mapped);
    }
  }

  private boolean areResident(long length) {
    long pages = Math.ceilDiv(length, Posix.pageBytes());
    for (long page = 0; page < pages; page++) {
      if ((answer.get(ValueLayout.JAVA_BYTE, page) & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Places asked for since {@link #reset}. */
  public int asked() {
    return asked;
  }

  /** Those of them that were not in memory. */
  public int missing() {
    return missing;
  }

  /** Counts from zero again. */
  public void reset() {
    asked = 0;
    missing = 0;
  }
}
