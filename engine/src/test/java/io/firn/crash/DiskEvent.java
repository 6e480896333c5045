package io.firn.crash;

import java.nio.file.Path;

/** What happened to a disk, in order. Data is owned by the event. */
public sealed interface DiskEvent {

  /** A file or directory got a name for the first time. */
  record Created(Path path, boolean directory) implements DiskEvent {}

  /** Space was reserved, which reads as zeros. */
  record Reserved(Path path, long bytes) implements DiskEvent {}

  record Written(Path path, long position, byte[] bytes) implements DiskEvent {}

  record Forced(Path path) implements DiskEvent {}

  record DirectoryForced(Path path) implements DiskEvent {}

  record Renamed(Path from, Path to) implements DiskEvent {}

  /** A file got a second name. */
  record Linked(Path file, Path name) implements DiskEvent {}

  record Deleted(Path path) implements DiskEvent {}

  /** The program under test began an operation, counted from 0. */
  record Began(int operation) implements DiskEvent {}

  /** The program was told that the operation is done. */
  record Acknowledged(int operation) implements DiskEvent {}
}
