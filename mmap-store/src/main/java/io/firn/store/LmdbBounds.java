package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * Where LMDB's file is in memory.
 *
 * @param address start of the map
 * @param bytes address space of the map, most of it behind the end of the file
 */
record LmdbBounds(long address, long bytes) {

  /**
   * Finds the map, whose address LMDB keeps to itself, from the address of the first table's name:
   * it is on a page that knows its number.
   *
   * @param names the table of tables, not empty
   * @param file to prove that page against, as a damaged number would lead anywhere
   */
  static LmdbBounds locate(Env<MemorySegment> env, Dbi<MemorySegment> names, Io io, Path file)
      throws IOException {
    int pageBytes = env.stat().pageSize;
    try (Txn<MemorySegment> txn = env.txnRead();
        Cursor<MemorySegment> cursor = names.openCursor(txn)) {
      cursor.first();
      MemorySegment page = page(cursor.key(), pageBytes);
      long pageAt = page.get(JAVA_LONG, 0) * pageBytes;
      try (FileHandle handle = io.open(file)) {
        if (pageAt < 0 || pageAt > handle.size() - pageBytes || !equal(handle, pageAt, page)) {
          throw new CorruptFileException(
              file, -1, "page number", "of the page itself", Long.toString(pageAt / pageBytes));
        }
      }
      return new LmdbBounds(page.address() - pageAt, env.info().mapSize);
    }
  }

  @SuppressWarnings("restricted") // the whole page around a key that LMDB returned
  private static MemorySegment page(MemorySegment key, int pageBytes) {
    return MemorySegment.ofAddress(key.address() & -pageBytes).reinterpret(pageBytes);
  }

  private static boolean equal(FileHandle handle, long at, MemorySegment page) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) page.byteSize());
    handle.read(bytes, at);
    return MemorySegment.ofBuffer(bytes.flip()).mismatch(page) < 0;
  }

  /** All of the map. To read behind the end of the file ends the process. */
  @SuppressWarnings("restricted") // LMDB's memory, until it closes
  MemorySegment segment() {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /**
   * Whether LMDB can mean {@code segment} in a write transaction, which has pages of its own on the
   * C heap or, spilled, behind the end of what is committed.
   */
  boolean allow(MemorySegment segment) {
    long at = offset(segment);
    return at < 0 || at + segment.byteSize() <= bytes;
  }

  /** Offset in the file, or -1 if the address is not in the map. */
  long offset(MemorySegment segment) {
    long at = segment.address() - address;
    return at < 0 || at >= bytes ? -1 : at;
  }
}
