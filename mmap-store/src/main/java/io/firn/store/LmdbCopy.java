package io.firn.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * A compact copy of an environment. LMDB numbers its transactions anew, so the copy gets a commit
 * stamp of its own, by a commit that also forces the whole file.
 */
final class LmdbCopy {

  private static final long MIN_MAP_BYTES = 1 << 24;

  private LmdbCopy() {}

  /** Copies the newest committed state to an empty directory. */
  static boolean compact(Env<MemorySegment> env, Path metaDirectory) {
    env.copy(metaDirectory.toFile(), CopyFlags.MDB_CP_COMPACT);
    return true;
  }

  /** Takes away the rights of others, which LMDB gives to a copy. */
  static void restrict(Path file) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      view.setPermissions(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
  }

  /** Stamps the copy, and forces it. */
  static boolean stamp(Path metaDirectory, Path file) {
    var options = new Lmdb.Options(MIN_MAP_BYTES + 2 * file.toFile().length(), 1);
    try (Env<MemorySegment> copy = LmdbEnv.openEnv(metaDirectory, options.mapBytes(), options);
        Arena arena = Arena.ofConfined();
        Txn<MemorySegment> txn = copy.txnWrite()) {
      Dbi<MemorySegment> table = copy.openDbi(txn, CommitStamp.TABLE_BYTES, null, false);
      byte[] stamp = new CommitStamp(txn.getId(), copy.info().lastPageNumber).encode();
      MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_BYTE, CommitStamp.KEY);
      MemorySegment place = table.reserve(txn, key, stamp.length + CheckedValue.CRC_BYTES);
      MemorySegment.copy(stamp, 0, place, ValueLayout.JAVA_BYTE, 0, stamp.length);
      new CheckedValue().seal(CommitStamp.TABLE_BYTES, CommitStamp.KEY, place);
      txn.commit();
    }
    return true;
  }
}
