package io.firn.store;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What every commit says about itself, in a table of its own: one row, whose checksum proves what
 * LMDB's meta pages say without one. A meta page with a damaged transaction number could pass off
 * an old state as the newest, one with a damaged page count would have pages in use written over.
 *
 * <pre>
 * offset  bytes  field, little-endian
 *      0      8  transaction  that wrote it
 *      8      8  last page    the highest page in use before that transaction; it never falls
 * </pre>
 */
record CommitStamp(long transactionId, long lastPage) {

  static final String TABLE = "~commit";
  static final byte[] TABLE_BYTES = TABLE.getBytes(UTF_8);
  static final byte[] KEY = {0};

  private static final int BYTES = 16;

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .order(LITTLE_ENDIAN)
        .putLong(transactionId)
        .putLong(lastPage)
        .array();
  }

  static CommitStamp decode(Path file, byte[] key, MemorySegment stored)
      throws CorruptFileException {
    MemorySegment value = new CheckedValue().verified(TABLE_BYTES, key, stored, file, -1);
    CorruptFileException.expect(file, -1, "commit stamp bytes", BYTES, value.byteSize());
    ByteBuffer bytes = value.asByteBuffer().order(LITTLE_ENDIAN);
    return new CommitStamp(bytes.getLong(0), bytes.getLong(8));
  }

  /** Verifies that {@code meta} is the meta page of the commit that this is the stamp of. */
  void expect(LmdbMeta meta, Path file) throws CorruptFileException {
    CorruptFileException.expect(
        file, -1, "transaction of the LMDB meta page", transactionId, meta.transactionId());
    if (meta.lastPage() < lastPage) {
      throw new CorruptFileException(
          file, -1, "highest page in use", "at least " + lastPage, Long.toString(meta.lastPage()));
    }
  }
}
