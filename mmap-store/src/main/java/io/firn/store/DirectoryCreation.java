package io.firn.store;

import static io.firn.store.DatabaseDirectory.FORMAT;
import static io.firn.store.DatabaseDirectory.LOCK;
import static io.firn.store.DatabaseDirectory.META;
import static io.firn.store.DatabaseDirectory.SEGMENTS;
import static io.firn.store.DatabaseDirectory.TRASH;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Creates a database completely under a temporary name beside its own, then renames it: it exists
 * entirely or not at all, whenever the power fails. Its lock is held from before the first file, so
 * that nobody sweeps it away meanwhile, and moves with the rename.
 */
final class DirectoryCreation {

  private static final String TEMPORARY = ".tmp-";

  private DirectoryCreation() {}

  /** Creates an empty database, then has it filled. */
  static DatabaseDirectory create(Path directory, Io io, DatabaseDirectory.Filling filling)
      throws IOException {
    if (directory.getParent() == null) {
      throw new IOException(
          "the root of a file system cannot be a database. Name a directory in it.");
    }
    FormatFile format = FormatFile.create();
    return create(
        directory,
        format.databaseId(),
        io,
        unnamed -> {
          fill(unnamed.path(), format, io);
          filling.of(unnamed);
        });
  }

  /**
   * Makes a directory that has its name only when it is filled.
   *
   * @param directory absent or empty
   * @return the directory under its name, to be closed; nobody's lock if {@code filling} closed it
   */
  static DatabaseDirectory create(
      Path directory, UUID databaseId, Io io, DatabaseDirectory.Filling filling)
      throws IOException {
    sweep(directory, io);
    Path temporary = temporary(directory, UUID.randomUUID());
    io.createDirectory(temporary);
    Closeable lock = null;
    try {
      lock = DatabaseDirectory.lock(temporary, io);
      var unnamed = new DatabaseDirectory(temporary, io, lock, databaseId);
      lock = unnamed; // which may be closed twice
      filling.of(unnamed);
      publish(temporary, directory, io);
      return new DatabaseDirectory(directory, io, unnamed, databaseId);
    } catch (IOException | RuntimeException | Error e) {
      abandon(temporary, lock, io, e);
      throw e;
    }
  }

  /** Name under which a directory is filled before it gets its own. */
  static Path temporary(Path directory, UUID unique) {
    return directory.resolveSibling(directory.getFileName() + TEMPORARY + unique);
  }

  private static void fill(Path temporary, FormatFile format, Io io) throws IOException {
    for (String child : List.of(META, SEGMENTS, TRASH)) {
      io.createDirectory(temporary.resolve(child));
    }
    LmdbEnv.create(temporary.resolve(META), io);
    try (FileHandle file = io.create(temporary.resolve(FORMAT))) {
      file.write(format.encode(), 0);
      file.force();
    }
    io.forceDirectory(temporary);
  }

  /** Gives the directory its name, durably. */
  private static void publish(Path temporary, Path directory, Io io) throws IOException {
    try {
      io.rename(temporary, directory);
    } catch (IOException e) {
      throw new IOException(
          "%s must be absent or an empty, ordinary directory: a new database is renamed to it. Name a directory below it, or open again if another process has just created it."
              .formatted(directory),
          e);
    }
    io.forceDirectory(Objects.requireNonNull(directory.getParent()));
  }

  private static void abandon(Path temporary, @Nullable Closeable lock, Io io, Throwable cause) {
    try {
      if (lock != null) {
        lock.close();
      }
      if (io.exists(temporary)) {
        deleteTree(temporary, io);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Deletes what creations of {@code directory} left behind that never finished. */
  static void sweep(Path directory, Io io) throws IOException {
    String own = String.valueOf(directory.getFileName());
    sweep(Objects.requireNonNull(directory.getParent()), own::equals, io);
  }

  /** Deletes what is left of directories with such names in {@code parent}: their lock is free. */
  static void sweep(Path parent, Predicate<String> names, Io io) throws IOException {
    for (Path sibling : io.list(parent)) {
      String name = String.valueOf(sibling.getFileName());
      int end = name.lastIndexOf(TEMPORARY);
      Path lockFile = sibling.resolve(LOCK);
      if (end > 0 && names.test(name.substring(0, end)) && io.exists(lockFile)) {
        Closeable lock = io.tryLock(lockFile, LockHolder.self().encode());
        if (lock != null) {
          lock.close();
          deleteTree(sibling, io);
        }
      }
    }
  }

  /** LOCK goes last: by it the next creation knows what to sweep, should this be interrupted. */
  static void deleteTree(Path directory, Io io) throws IOException {
    Path lockFile = directory.resolve(LOCK);
    for (Path child : io.list(directory)) {
      if (List.of(META, SEGMENTS, TRASH).contains(String.valueOf(child.getFileName()))) {
        deleteTree(child, io);
      } else if (!child.equals(lockFile)) {
        io.delete(child);
      }
    }
    if (io.exists(lockFile)) {
      io.delete(lockFile);
    }
    io.delete(directory);
  }
}
