package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Copies of one database beside each other in a directory, named by the time at which they were
 * made, so that the oldest can go. Other files there, copies of other databases too, are not
 * touched.
 */
public final class CopySeries {

  private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{9}Z");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  private final DatabaseDirectory source;
  private final Path parent;
  private final Io io;

  /**
   * Copies of {@code source} in {@code parent}.
   *
   * @param parent created if it is absent
   */
  public CopySeries(DatabaseDirectory source, Path parent) throws IOException {
    this.source = source;
    this.parent = parent.toAbsolutePath().normalize();
    this.io = source.io();
    if (!io.exists(this.parent)) {
      io.createDirectory(this.parent);
    }
    DirectoryCreation.sweep(this.parent, NAME.asMatchPredicate(), io);
  }

  /** Where the next copy belongs: behind all others, even if the clock went back. */
  public Path next() throws IOException {
    Path next = parent.resolve(TIME.format(Instant.now()));
    List<Path> copies = named();
    if (!copies.isEmpty() && copies.getLast().compareTo(next) >= 0) {
      Instant last = TIME.parse(String.valueOf(copies.getLast().getFileName()), Instant::from);
      next = parent.resolve(TIME.format(last.plusMillis(1)));
    }
    return next;
  }

  /** Everything that has the name of a copy, oldest first. */
  private List<Path> named() throws IOException {
    return io.list(parent).stream()
        .filter(path -> NAME.matcher(String.valueOf(path.getFileName())).matches())
        .toList();
  }

  /**
   * Deletes all but the newest copies of this database. One that somebody has open stays.
   *
   * @param keep how many stay, 1 or more
   */
  public void keepNewest(int keep) throws IOException {
    List<Path> copies = new ArrayList<>();
    for (Path path : named()) {
      if (isCopy(path)) {
        copies.add(path);
      }
    }
    for (Path old : copies.subList(0, Math.max(0, copies.size() - keep))) {
      delete(old);
    }
  }

  private boolean isCopy(Path path) throws IOException {
    Path format = path.resolve(DatabaseDirectory.FORMAT);
    if (!io.exists(format)) {
      return false;
    }
    try {
      return FormatFile.read(io, format).databaseId().equals(source.databaseId());
    } catch (CorruptFileException | FormatVersionException e) {
      return false; // whatever it is, it is not ours to delete
    }
  }

  /** Takes the name away first: half a copy must not look like one. */
  private void delete(Path copy) throws IOException {
    Closeable lock = io.tryLock(copy.resolve(DatabaseDirectory.LOCK), LockHolder.self().encode());
    if (lock == null) {
      return;
    }
    Path temporary = DirectoryCreation.temporary(copy, UUID.randomUUID());
    try (lock) {
      io.rename(copy, temporary);
      io.forceDirectory(parent);
    }
    DirectoryCreation.deleteTree(temporary, io);
  }
}
