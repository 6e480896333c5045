package io.firn.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Io} on the machine's file systems. */
final class SystemIo implements Io {

  static final SystemIo INSTANCE = new SystemIo();

  private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private SystemIo() {}

  @Override
  public FileHandle create(Path file) throws IOException {
    return new SystemFile(file, channel(file, Set.of(CREATE_NEW, READ, WRITE, NOFOLLOW_LINKS)));
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    return new SystemFile(file, channel(file, Set.of(READ, NOFOLLOW_LINKS)));
  }

  /**
   * By flock(2), which belongs to the opening of the file. A {@code FileLock} is a POSIX record
   * lock: closing any other opening of the file in this JVM would drop it silently.
   */
  @Override
  public @Nullable Closeable tryLock(Path file, ByteBuffer holder) throws IOException {
    try (FileChannel channel = channel(file, Set.of(CREATE, WRITE, NOFOLLOW_LINKS))) {
      Closeable lock = Posix.hasFlock() ? flock(file) : recordLock(file);
      if (lock != null) {
        try {
          new SystemFile(file, channel).write(holder, 0);
        } catch (IOException e) {
          lock.close();
          throw e;
        }
      }
      return lock;
    }
  }

  private static @Nullable Closeable flock(Path file) throws IOException {
    int descriptor = Posix.tryLock(file);
    return descriptor < 0 ? null : () -> Posix.close(descriptor);
  }

  static @Nullable Closeable recordLock(Path file) throws IOException {
    FileChannel channel = channel(file, Set.of(WRITE, NOFOLLOW_LINKS));
    try {
      // the last byte a file could have: a mandatory lock there does not hinder reading the file
      if (channel.tryLock(Long.MAX_VALUE - 1, 1, false) != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held by this JVM: the same answer as held by another
    }
    channel.close();
    return null;
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, ATOMIC_MOVE);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (UnsupportedOperationException e) {
      throw new IOException("%s cannot have a second name here".formatted(file), e);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, ownerOnly(directory, "rwx------"));
    } catch (IOException e) {
      throw DiskFullException.orSame(directory, e);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    if (WINDOWS) {
      return; // a directory cannot be opened there, and its entries are journaled
    }
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  @Override
  public void commit(Path file, Commit commit) throws IOException {
    commit.run();
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path, NOFOLLOW_LINKS);
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  private static FileChannel channel(Path file, Set<OpenOption> options) throws IOException {
    try {
      return FileChannel.open(file, options, ownerOnly(file, "rw-------"));
    } catch (IOException e) {
      throw DiskFullException.orSame(file, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
    FileSystem fileSystem = file.getFileSystem();
    return fileSystem.supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
