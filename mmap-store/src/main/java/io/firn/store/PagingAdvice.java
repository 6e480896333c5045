package io.firn.store;

import java.lang.foreign.MemorySegment;

/**
 * What a process knows about its future use of mapped pages, told to the kernel by madvise(2).
 * Advice changes speed, never results. Methods return false where the platform has no such advice
 * or the kernel refused it; a caller need not look.
 *
 * <p>Segments are native or mapped and alive; advice covers every page they touch. Any thread.
 */
public final class PagingAdvice {

  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  private static final int MADV_RANDOM = 1;
  private static final int MADV_WILLNEED = 3;
  private static final int MADV_HUGEPAGE = 14; // Linux only

  private PagingAdvice() {}

  /**
   * No read-ahead. Without it one random touch of a cold file may read as much as the device's
   * read-ahead (8 MiB on some virtual disks).
   */
  public static boolean random(MemorySegment segment) {
    return Posix.advise(segment, MADV_RANDOM);
  }

  /** Start reading these pages now, without waiting for them. */
  public static boolean willNeed(MemorySegment segment) {
    return Posix.advise(segment, MADV_WILLNEED);
  }

  /** The same of memory that begins at a page and lives until this returns; allocates nothing. */
  static boolean willNeed(long address, long bytes) {
    return Posix.advise(address, bytes, MADV_WILLNEED);
  }

  /**
   * Back these pages by huge pages where possible: fewer misses of the address translation cache.
   */
  public static boolean hugePages(MemorySegment segment) {
    return LINUX && Posix.advise(segment, MADV_HUGEPAGE);
  }
}
