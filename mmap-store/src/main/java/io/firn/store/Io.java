package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All file access of a database, in one place, so that faults can be injected and crashes
 * simulated. Nothing outside this package opens a file of a database. LMDB does its own file access
 * under {@code meta/}; whatever of it makes something durable runs inside {@link #commit}.
 *
 * <p>Files are created for their owner only (0600, directories 0700, where the file system knows
 * permissions) and symbolic links are not followed. Every method may be called from any thread and
 * throws {@link DiskFullException} where the file system says so.
 */
public interface Io {

  /** The machine's file systems. Stateless. */
  static Io system() {
    return SystemIo.INSTANCE;
  }

  /** Creates a file for writing and reading; it must not exist. The caller closes the handle. */
  FileHandle create(Path file) throws IOException;

  /** Opens an existing file for reading. The caller closes the handle. */
  FileHandle open(Path file) throws IOException;

  /**
   * Locks {@code file} for this opening of it, creating it if absent, against every other opener in
   * this and other processes of the machine. Reading or writing the file elsewhere does not drop
   * the lock; the end of the process does.
   *
   * @param holder written over the start of the file once the lock is held; always of one length,
   *     so that a full disk cannot refuse it twice
   * @return the lock, released by closing it, or null if someone holds it
   */
  @Nullable Closeable tryLock(Path file, ByteBuffer holder) throws IOException;

  /** Renames atomically and replaces a file, or an empty directory, at {@code to}. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file a second name, which must not exist, in the same file system.
   *
   * @throws IOException if the file system cannot, or the names are of two of them
   */
  void link(Path file, Path name) throws IOException;

  /** Deletes a file or an empty directory; it must exist. */
  void delete(Path file) throws IOException;

  /** Creates one directory; it must not exist. */
  void createDirectory(Path directory) throws IOException;

  /** Makes the names in {@code directory} durable: created, renamed and deleted entries. */
  void forceDirectory(Path directory) throws IOException;

  /**
   * Runs a commit of LMDB's to {@code file}, which forces what it writes. A failure says nothing of
   * what reached the disk: all of the commit, or nothing.
   */
  void commit(Path file, Commit commit) throws IOException;

  /** What LMDB does to its file. */
  @FunctionalInterface
  interface Commit {
    void run() throws IOException;
  }

  /** The entries of {@code directory}, sorted by name. */
  List<Path> list(Path directory) throws IOException;

  /** Whether {@code path} exists, without following a link. */
  boolean exists(Path path);

  /** Bytes in {@code file}. */
  long size(Path file) throws IOException;
}
