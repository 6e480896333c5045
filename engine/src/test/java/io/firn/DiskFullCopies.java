package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A full disk while a database is copied, in whatever way: the copy is whole, or not there. */
final class DiskFullCopies {

  private static final int[] FREE_PAGES = {600, 300, 150, 100, 60, 40, 20, 8, 3, 1, 0};

  private final DiskFullScenes scenes;
  private final Path copy;

  DiskFullCopies(DiskFullScenes scenes) {
    this.scenes = scenes;
    this.copy = scenes.mount().resolve("copy");
  }

  /** Makes a copy of what is open or at rest. */
  private interface Copying {
    void run();
  }

  void backup() throws IOException {
    try (Database db = scenes.open()) {
      scenes.write(db.collection("rows"), 12);
      copyWithLessAndLess(() -> db.backup(copy));
      scenes.requireAcknowledged(db.collection("rows"), "while full");
      assertThat(db.stats().writable()).isTrue();
    }
    scenes.requireWritesAgain();
  }

  void restore() throws IOException {
    Path backup = scenes.mount().resolve("backup");
    try (Database db = scenes.open()) {
      scenes.write(db.collection("rows"), 12);
      db.collection("rows").optimize();
      db.backup(backup);
    }
    copyWithLessAndLess(() -> Firn.restore(backup, copy));
    scenes.requireWritesAgain();
  }

  void salvage() throws IOException {
    try (Database db = scenes.open()) {
      scenes.write(db.collection("rows"), 12);
    }
    copyWithLessAndLess(() -> Firn.salvage(scenes.path(), copy));
    scenes.requireWritesAgain();
  }

  private void copyWithLessAndLess(Copying copying) throws IOException {
    int refused = 0;
    for (int freePages : FREE_PAGES) {
      scenes.fill(freePages);
      FirnException failure = DiskFullScenes.attempt(copying::run);
      if (failure != null) {
        refused++;
        DiskFullScenes.requireStorage(failure);
        assertThat(remains()).as("%d pages free: %s", freePages, failure).isEmpty();
      } else {
        requireWhole(freePages);
      }
    }
    assertThat(refused).isBetween(1, FREE_PAGES.length - 1);
  }

  private void requireWhole(int freePages) throws IOException {
    scenes.empty();
    try (Database db = Firn.open(copy)) {
      scenes.requireAcknowledged(db.collection("rows"), "copied, " + freePages + " pages free");
      SoundDatabase.requireVerified(db, "copied, " + freePages + " pages free");
    }
    CrashCheck.delete(copy);
  }

  private List<Path> remains() throws IOException {
    try (Stream<Path> files = Files.list(scenes.mount())) {
      return files.filter(file -> file.getFileName().toString().startsWith("copy")).toList();
    }
  }
}
