package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvInfo;
import org.lmdbjava.Txn;

/**
 * Where LMDB's file is in memory and how much of it is committed. A damaged length must not lead us
 * behind it: that would be a crash.
 *
 * @param address start of the map
 * @param mapBytes address space of the map, most of it behind the end of the file
 * @param endBytes end of the last committed page
 */
record LmdbBounds(long address, long mapBytes, long endBytes) {

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
      return new LmdbBounds(page.address() - pageAt, 0, 0).refreshed(env);
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

  /** The same place with what is committed now. */
  LmdbBounds refreshed(Env<MemorySegment> env) {
    EnvInfo info = env.info();
    return new LmdbBounds(address, info.mapSize, (info.lastPageNumber + 1) * env.stat().pageSize);
  }

  /**
   * Whether LMDB can mean {@code segment}.
   *
   * @param committed whether it must be in the committed file; a write transaction has pages of its
   *     own on the C heap or, spilled, behind that end
   */
  boolean allow(MemorySegment segment, boolean committed) {
    long at = offset(segment);
    if (at < 0) {
      return !committed;
    }
    return at + segment.byteSize() <= (committed ? endBytes : mapBytes);
  }

  /** Offset in the file, or -1 if the address is not in the map. */
  long offset(MemorySegment segment) {
    long at = segment.address() - address;
    return at < 0 || at >= mapBytes ? -1 : at;
  }
}
