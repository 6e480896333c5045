package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Brings a merge to a stop in the middle, for whatever is to happen meanwhile. */
final class HaltedMerge {

  private static final int TRIES = 20_000;

  private HaltedMerge() {}

  /** Lets paused merges go on until one writes its files, and pauses it there. */
  static void halt(Database db, Path path) {
    long before = db.engine().merges();
    db.resumeMerges();
    awaitWriting(path);
    db.pauseMerges();
    awaitWriting(path); // it stops only where it has a file in hand
    assertThat(db.engine().merges()).as("merges that ended").isEqualTo(before);
  }

  private static void awaitWriting(Path path) {
    for (int i = 0; i < TRIES && !isWriting(path); i++) {
      LockSupport.parkNanos(500_000);
    }
    assertThat(isWriting(path)).as("a merge is writing").isTrue();
  }

  private static boolean isWriting(Path path) {
    try (Stream<Path> files = Files.list(path.resolve("seg"))) {
      return files.anyMatch(file -> file.toString().endsWith(".tmp"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
