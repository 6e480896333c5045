package io.firn.store;

/**
 * Size of an LMDB table whose rows came in order of their keys, from LMDB's page layout: a page has
 * a header of 16 bytes; a row in it 8 bytes, key and value rounded up to an even number, and 2
 * bytes that point to it. A value that does not fit half a page gets pages of its own.
 */
public final class LmdbTableSize {

  private static final int PAGE_BYTES = 4_096;
  private static final int PAGE_HEADER_BYTES = 16;
  private static final int NODE_HEADER_BYTES = 8;
  private static final int POINTER_BYTES = 2;
  private static final int PAGE_NUMBER_BYTES = 8;
  private static final int MAX_NODE_BYTES = (PAGE_BYTES - PAGE_HEADER_BYTES) / 2 - POINTER_BYTES;

  private LmdbTableSize() {}

  /**
   * Bytes of a table of equal rows.
   *
   * @param valueBytes of a value without its checksum
   */
  public static long bytes(long rows, int keyBytes, int valueBytes) {
    int stored = valueBytes + CheckedValue.CRC_BYTES;
    long ownPages = 0;
    if (NODE_HEADER_BYTES + keyBytes + stored > MAX_NODE_BYTES) {
      ownPages = rows * Math.ceilDiv(PAGE_HEADER_BYTES + stored, PAGE_BYTES);
      stored = PAGE_NUMBER_BYTES;
    }
    long pages = Math.ceilDiv(rows, perPage(keyBytes + stored));
    long all = pages + ownPages;
    while (pages > 1) {
      pages = Math.ceilDiv(pages, perPage(keyBytes));
      all += pages;
    }
    return all * PAGE_BYTES;
  }

  private static int perPage(int contentBytes) {
    int nodeBytes = (NODE_HEADER_BYTES + contentBytes + 1) & -2;
    return (PAGE_BYTES - PAGE_HEADER_BYTES) / (nodeBytes + POINTER_BYTES);
  }
}
