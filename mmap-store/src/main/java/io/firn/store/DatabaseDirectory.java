package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The directory of one database, held exclusively while this object is open.
 *
 * <pre>
 * FORMAT    what this directory is: version and identity of the database
 * LOCK      who has it open
 * meta/     the LMDB environment
 * seg/      segment files, named by number and kind; {@code *.tmp} while they are written
 * trash/    files that nothing refers to, kept until {@link #emptyTrash}
 * </pre>
 *
 * <p>Safe for any thread. Close it last: after the {@link Lmdb} and the segment writers of it.
 */
public final class DatabaseDirectory implements Closeable {

  static final String FORMAT = "FORMAT";
  static final String LOCK = "LOCK";
  static final String META = "meta";
  static final String SEGMENTS = "seg";
  static final String TRASH = "trash";

  private static final Pattern KIND = Pattern.compile("[a-z0-9]{1,8}");

  private final Path path;
  private final Io io;
  private final Closeable lock;
  private final UUID databaseId;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final DiscardedFiles discarded;

  DatabaseDirectory(Path path, Io io, Closeable lock, UUID databaseId) {
    this.path = path;
    this.io = io;
    this.lock = lock;
    this.databaseId = databaseId;
    this.discarded = new DiscardedFiles(io);
  }

  /**
   * Opens the database at {@code path}, or creates an empty one. A crash while creating leaves
   * nothing at {@code path}.
   *
   * @param createIfMissing whether to create a database where there is nothing, or an empty
   *     directory
   * @throws NoSuchFileException if there is nothing and {@code createIfMissing} is false
   * @throws StoreLockedException if it is open already, in this or another process
   * @throws FormatVersionException if it was written by a newer program
   * @throws CorruptFileException if its FORMAT is damaged, or the directory is no database
   */
  public static DatabaseDirectory open(Path path, boolean createIfMissing, Io io)
      throws IOException {
    Path directory = path.toAbsolutePath().normalize();
    boolean absent = !io.exists(directory) || io.list(directory).isEmpty();
    if (!absent) {
      return openExisting(directory, io);
    }
    if (!createIfMissing) {
      throw new NoSuchFileException(
          directory.toString(), null, "there is no database. Create it first, or check the path");
    }
    return DirectoryCreation.create(directory, io, _ -> {});
  }

  /** Fills a directory that has no name yet, and may close it. */
  @FunctionalInterface
  public interface Filling {
    void of(DatabaseDirectory unnamed) throws IOException;
  }

  /**
   * Makes a database that exists with all that {@code filling} writes, or not at all.
   *
   * @param path absent or an empty directory
   * @throws IOException what {@code filling} throws, or if there cannot be a database; nothing is
   *     left behind
   */
  public static void create(Path path, Io io, Filling filling) throws IOException {
    DirectoryCreation.create(path.toAbsolutePath().normalize(), io, filling).close();
  }

  /**
   * Opens the database at {@code path} for reading only, whoever else has it open. Nothing of it
   * must be written, and files may go at any time.
   *
   * @throws NoSuchFileException if there is none
   */
  public static DatabaseDirectory openReadOnly(Path path, Io io) throws IOException {
    Path directory = path.toAbsolutePath().normalize();
    Path format = directory.resolve(FORMAT);
    if (!io.exists(format)) {
      throw new NoSuchFileException(
          directory.toString(), null, "there is no database. Create it first, or check the path");
    }
    UUID databaseId = FormatFile.read(io, format).databaseId();
    var shared = new DatabaseDirectory(directory, io, () -> {}, databaseId);
    shared.discarded.hold(); // for ever: files are the writer's to delete
    return shared;
  }

  /**
   * As {@link #openReadOnly}, for a directory that may be damaged: if its FORMAT cannot be read,
   * the database is known by its segment files. Nobody may write to it.
   *
   * @param lost told what is damaged, in words
   */
  public static DatabaseDirectory openDamaged(Path path, Io io, Consumer<String> lost)
      throws IOException {
    try {
      return openReadOnly(path, io);
    } catch (CorruptFileException | NoSuchFileException e) {
      Path directory = path.toAbsolutePath().normalize();
      if (!io.exists(directory.resolve(META))) {
        throw e; // there was no database
      }
      lost.accept(FORMAT + ": " + e.getMessage());
      return new DatabaseDirectory(directory, io, () -> {}, idOfSegments(directory, io));
    }
  }

  private static UUID idOfSegments(Path directory, Io io) throws IOException {
    for (Path file : io.list(directory.resolve(SEGMENTS))) {
      try (FileHandle handle = io.open(file)) {
        return SegmentHeader.databaseIdOf(handle);
      } catch (IOException damaged) {
        // the next one may be whole
      }
    }
    return UUID.randomUUID(); // no file will ask for it
  }

  static DatabaseDirectory openExisting(Path directory, Io io) throws IOException {
    Path format = directory.resolve(FORMAT);
    if (!io.exists(format)) {
      throw new CorruptFileException(
          format, -1, "directory", "a database or empty", "a directory of other files");
    }
    Closeable lock = lock(directory, io);
    try {
      UUID databaseId = FormatFile.read(io, format).databaseId();
      return new DatabaseDirectory(directory, io, lock, databaseId);
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  static Closeable lock(Path directory, Io io) throws IOException {
    Path file = directory.resolve(LOCK);
    Closeable lock = io.tryLock(file, LockHolder.self().encode());
    if (lock == null) {
      throw new StoreLockedException(directory, LockHolder.read(io, file));
    }
    return lock;
  }

  /** Identity of this database, in every file of it. */
  public UUID databaseId() {
    return databaseId;
  }

  /** The directory, absolute. */
  public Path path() {
    return path;
  }

  public Io io() {
    return io;
  }

  /** The directory of the LMDB environment. */
  public Path metaPath() {
    return path.resolve(META);
  }

  Path segmentsPath() {
    return path.resolve(SEGMENTS);
  }

  /**
   * Where the segment file of this kind and number is, or would be.
   *
   * @param kind what the payload is, 1..8 of a-z and 0-9, such as {@code vec}
   * @param segmentId 0 or more
   */
  public Path segmentPath(String kind, long segmentId) {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "kind must be 1..8 of a-z and 0-9 but is '%s': it ends a file name.".formatted(kind));
    }
    if (segmentId < 0) {
      throw new IllegalArgumentException(
          "segmentId must be 0 or more but is %d: it begins a file name.".formatted(segmentId));
    }
    return segmentsPath().resolve("%08x.%s".formatted(segmentId, kind));
  }

  /**
   * Moves every file of {@code seg/} that is not {@code referenced} to {@code trash/}: leftovers of
   * a crash. Not while a segment is being written.
   *
   * @param referenced paths as {@link #segmentPath} gives them
   * @return the paths the moved files had, sorted
   */
  public List<Path> moveOrphansToTrash(Set<Path> referenced) throws IOException {
    checkOpen();
    List<Path> orphans = new ArrayList<>();
    for (Path file : io.list(segmentsPath())) {
      if (!referenced.contains(file)) {
        io.rename(file, trashPath(file));
        orphans.add(file);
      }
    }
    if (!orphans.isEmpty()) {
      io.forceDirectory(path.resolve(TRASH)); // first the new name, so that no crash loses the file
      io.forceDirectory(segmentsPath());
    }
    return orphans;
  }

  /**
   * Keeps every segment file in its place until the result is closed, whatever is discarded: for
   * whoever copies them.
   */
  public Closeable holdFiles() {
    return discarded.hold();
  }

  /**
   * Deletes a segment file that no commit refers to any more, at once or when nobody holds it. If
   * the process ends before that, the next opening removes it.
   */
  public void discard(Path file) throws IOException {
    discarded.discard(file);
  }

  /** Deletes the files in {@code trash/} and returns how many they were. */
  public int emptyTrash() throws IOException {
    checkOpen();
    List<Path> files = io.list(path.resolve(TRASH));
    for (Path file : files) {
      io.delete(file);
    }
    return files.size();
  }

  /** Releases the lock. A second close does nothing. */
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      lock.close();
    }
  }

  void checkOpen() {
    if (closed.get()) {
      throw new ClosedStoreException(path.toString());
    }
  }

  private Path trashPath(Path file) {
    Path target = path.resolve(TRASH).resolve(file.getFileName());
    for (int copy = 1; io.exists(target); copy++) {
      target = target.resolveSibling(file.getFileName() + "." + copy);
    }
    return target;
  }
}
