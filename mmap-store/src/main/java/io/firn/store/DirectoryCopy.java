package io.firn.store;

import static io.firn.store.DatabaseDirectory.FORMAT;
import static io.firn.store.DatabaseDirectory.META;
import static io.firn.store.DatabaseDirectory.SEGMENTS;
import static io.firn.store.DatabaseDirectory.TRASH;

import io.firn.store.Lmdb.ReadFunction;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Copies a database to another directory: LMDB first, then the segment files that this copy of LMDB
 * refers to and no others. None of them is deleted meanwhile, so the source may be written to. As
 * with a new database, all of the copy is there under its final name, or nothing.
 *
 * <p>Every byte that is copied is compared with its checksum. One use.
 */
public final class DirectoryCopy {

  private static final System.Logger LOG = System.getLogger(DirectoryCopy.class.getName());
  private static final int CHUNK_BYTES = 1 << 20;
  private static final Lmdb.Options ONE_READER = new Lmdb.Options(1 << 24, 1);

  private final DatabaseDirectory source;
  private final List<String> tables;
  private final ReadFunction<List<SegmentName>> references;
  private final Io io;
  private int files;
  private long bytes;

  /**
   * A copy of {@code source}.
   *
   * @param tables names of the tables in LMDB
   * @param references reads which segment files LMDB refers to
   */
  public DirectoryCopy(
      DatabaseDirectory source, List<String> tables, ReadFunction<List<SegmentName>> references) {
    this.source = source;
    this.tables = tables;
    this.references = references;
    this.io = source.io();
  }

  /** Segment files copied or linked. */
  public int files() {
    return files;
  }

  /** Bytes in all files that were copied; linked ones take none. */
  public long bytes() {
    return bytes;
  }

  /**
   * Copies the newest committed state while others read and write. A derived file that is damaged
   * is left out.
   *
   * @param target absent or an empty directory
   * @param linked whether segment files get a second name in place of a copy, where the file system
   *     can; they never change, but damage to one is damage to both, and it is not looked for
   * @throws CorruptFileException if a file that is not derived is damaged; nothing is left behind
   * @throws DiskFullException if there is no space; nothing is left behind
   */
  public void whileOpen(Lmdb lmdb, Path target, boolean linked) throws IOException {
    try (Closeable _ = source.holdFiles()) {
      copy(
          target,
          meta -> copyOpenLmdb(lmdb, meta),
          (copy, name) -> linkOrCopy(copy, name, linked),
          _ -> {});
    }
  }

  /**
   * Copies a database that nobody has open in LMDB, and writes nothing to it. Any damage ends it.
   *
   * @param target absent or an empty directory
   * @param check has the last word before the copy gets its name; may close it
   * @throws CorruptFileException naming what is damaged; nothing is left behind
   */
  public void atRest(Path target, DatabaseDirectory.Filling check) throws IOException {
    copy(target, this::copyClosedLmdb, this::copySegment, check);
  }

  /** Copies LMDB into an empty directory. */
  private interface MetaCopy {
    void to(Path metaDirectory) throws IOException;
  }

  /** Brings a segment file into a copy. */
  private interface SegmentCopy {
    void to(DatabaseDirectory copy, SegmentName name) throws IOException;
  }

  private void copy(
      Path target, MetaCopy meta, SegmentCopy segments, DatabaseDirectory.Filling check)
      throws IOException {
    Path directory = requireAbsent(target.toAbsolutePath().normalize());
    DirectoryCreation.create(
            directory,
            source.databaseId(),
            io,
            copy -> {
              fill(copy, meta, segments);
              check.of(copy);
              source.checkOpen(); // else somebody may have opened it meanwhile and deleted files
            })
        .close();
  }

  private Path requireAbsent(Path directory) throws IOException {
    if (directory.getParent() == null
        || directory.startsWith(source.path())
        || (io.exists(directory) && !io.list(directory).isEmpty())) {
      throw new IOException(
          "%s must be absent or an empty directory, and outside of %s: a copy replaces nothing. Name another."
              .formatted(directory, source.path()));
    }
    return directory;
  }

  private void fill(DatabaseDirectory copy, MetaCopy meta, SegmentCopy segments)
      throws IOException {
    for (String child : List.of(META, SEGMENTS, TRASH)) {
      io.createDirectory(copy.path().resolve(child));
    }
    meta.to(copy.metaPath());
    for (SegmentName name : references(copy)) {
      segments.to(copy, name);
    }
    io.forceDirectory(copy.segmentsPath());
    io.forceDirectory(copy.metaPath());
    copyFile(source.path().resolve(FORMAT), copy.path().resolve(FORMAT));
    io.forceDirectory(copy.path());
  }

  private List<SegmentName> references(DatabaseDirectory copy) throws IOException {
    try (Lmdb lmdb = Lmdb.open(copy, tables, ONE_READER)) {
      return lmdb.read(references);
    }
  }

  private void copyOpenLmdb(Lmdb lmdb, Path metaDirectory) throws IOException {
    bytes += lmdb.copyTo(metaDirectory);
    try {
      LmdbFile.verify(io, metaDirectory.resolve(Lmdb.DATA_FILE));
    } catch (CorruptFileException e) {
      lmdb.verify(); // names the file that the user knows
      throw e;
    }
  }

  private void copyClosedLmdb(Path metaDirectory) throws IOException {
    Path copy = metaDirectory.resolve(Lmdb.DATA_FILE);
    Path original = source.metaPath().resolve(Lmdb.DATA_FILE);
    LmdbFile.verify(io, original); // before LMDB maps it, whom damage can crash
    copyFile(original, copy);
    LmdbFile.verify(io, copy);
  }

  private void linkOrCopy(DatabaseDirectory copy, SegmentName name, boolean linked)
      throws IOException {
    Path from = path(source, name);
    if (linked) {
      try {
        io.link(from, path(copy, name));
        files++;
        return;
      } catch (IOException impossible) {
        // another file system, or the file is gone: what is to be done then is the same for a copy
      }
    }
    try {
      copySegment(copy, name);
    } catch (CorruptFileException e) {
      if (!name.derived()) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, () -> "left out of a copy: " + e.getMessage());
      io.delete(path(copy, name));
    }
  }

  /** Copies and verifies; a derived file may be missing. */
  private void copySegment(DatabaseDirectory copy, SegmentName name) throws IOException {
    Path from = path(source, name);
    if (!io.exists(from)) {
      if (name.derived()) {
        return;
      }
      throw new CorruptFileException(from, -1, "file", "present", "absent");
    }
    copyFile(from, path(copy, name));
    try {
      verify(copy, name);
    } catch (CorruptFileException e) {
      verify(source, name); // whose name the user knows
      throw e;
    }
    files++;
  }

  private static void verify(DatabaseDirectory directory, SegmentName name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      SegmentFile.open(directory, name.kind(), name.segmentId(), arena).verify();
    }
  }

  private static Path path(DatabaseDirectory directory, SegmentName name) {
    return directory.segmentPath(name.kind(), name.segmentId());
  }

  private void copyFile(Path from, Path to) throws IOException {
    source.checkOpen();
    try (FileHandle original = io.open(from);
        FileHandle copy = io.create(to)) {
      long size = original.size();
      copy.preallocate(size);
      ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(size, CHUNK_BYTES));
      for (long at = 0; at < size; at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(chunk.capacity(), size - at));
        original.read(chunk, at);
        copy.write(chunk.flip(), at);
      }
      copy.force();
      bytes += size;
    }
  }
}
