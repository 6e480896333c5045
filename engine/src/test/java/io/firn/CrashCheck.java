package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.crash.DiskEvent;
import io.firn.crash.DiskImage;
import io.firn.crash.DiskNode.Piece;
import io.firn.crash.RecordingIo;
import io.firn.crash.SimulatedDisk;
import io.firn.crash.Survival;
import io.firn.recovery.Opening;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Opens what a power cut could leave, with a fresh engine, and holds it against a script:
 * everything acknowledged is there, nothing by halves, the parts agree, and the database goes on.
 * Equal images are opened once.
 */
final class CrashCheck {

  static final Options OPTIONS =
      Options.DEFAULT.withSealRows(1_000).withMemoryBytes(1 << 20); // some 3,500 rows a segment

  private final Path directory;
  private final CrashScript script;
  private final int lookTwice;
  private final Random random = new Random(1);
  private final Map<String, CrashScript.State> seen = new HashMap<>();

  /**
   * @param lookTwice how many images out of 64 are opened again, written to, and recovered with
   *     power cuts in the middle
   */
  CrashCheck(Path directory, CrashScript script, int lookTwice) {
    this.directory = directory;
    this.script = script;
    this.lookTwice = lookTwice;
  }

  /** Different images so far. */
  int images() {
    return seen.size();
  }

  static Database open(Path disk, Io io) {
    return new Database(Opening.open(CrashScript.database(disk), OPTIONS, io));
  }

  /**
   * Checks an image.
   *
   * @param acknowledged operations that were acknowledged before the cut
   * @param begun operations that had begun
   */
  void check(DiskImage image, int acknowledged, int begun, String note) throws IOException {
    String digest = image.digest();
    CrashScript.State found = seen.get(digest);
    if (found == null) {
      found = open(image, note);
      seen.put(digest, found);
      if (random.nextInt(64) < lookTwice) {
        lookAgain(image, found, note);
      }
    }
    for (int operations = acknowledged; operations <= begun; operations++) {
      if (script.after(operations).equals(found)) {
        return;
      }
    }
    assertThat(found)
        .as("%s: as after %d to %d operations, in %s", note, acknowledged, begun, image)
        .isEqualTo(script.after(begun));
  }

  private CrashScript.State open(DiskImage image, String note) throws IOException {
    Path disk = Files.createDirectory(directory.resolve("image"));
    try {
      image.writeTo(disk);
      CrashScript.State found;
      try (Database db = open(disk, Io.system())) {
        assertThat(db.recovery().rebuilt()).as(note).isEmpty(); // what is committed is complete
        found = CrashScript.found(db, note);
        SoundDatabase.requireVerified(db, note);
      }
      requireTidy(disk, note);
      requireWholeBackup(disk, note);
      return found;
    } finally {
      delete(disk);
    }
  }

  private void lookAgain(DiskImage image, CrashScript.State found, String note) throws IOException {
    Path disk = Files.createDirectory(directory.resolve("again"));
    try {
      image.writeTo(disk);
      var io = new RecordingIo();
      open(disk, io).close();
      requireSameAfterCuts(SimulatedDisk.of(image, disk), io.events(), found, note);
      requireIdempotent(disk, found, note);
      requireUsable(disk, found, note);
    } finally {
      delete(disk);
    }
  }

  /** The power fails once more, while the first recovery runs. */
  private void requireSameAfterCuts(
      SimulatedDisk disk, List<DiskEvent> events, CrashScript.State found, String note)
      throws IOException {
    for (int n = 0; n < events.size(); n++) {
      disk.apply(events.get(n));
      String second = "%s, then recovery up to its event %d, %s".formatted(note, n, events.get(n));
      for (List<Piece> kept : Survival.subsets(disk.pending(), 1, 1, random)) {
        assertThat(open(disk.image(kept), second)).as(second).isEqualTo(found);
      }
    }
  }

  /** A backup is there as a whole or not at all. */
  private void requireWholeBackup(Path disk, String note) throws IOException {
    Path backup = disk.resolve("backup");
    if (Files.exists(backup)) {
      try (Database db = Firn.open(backup, OPTIONS)) {
        assertThat(CrashScript.found(db, note)).as(note).isIn(script.states());
        SoundDatabase.requireVerified(db, note);
      }
    }
  }

  /** Nothing is left in the places of live files. */
  private static void requireTidy(Path disk, String note) throws IOException {
    try (Stream<Path> files = Files.list(CrashScript.database(disk).resolve("seg"))) {
      assertThat(files.map(Path::toString)).as(note).noneMatch(file -> file.endsWith(".tmp"));
    }
  }

  /** Opening again finds nothing to do and changes nothing. */
  private static void requireIdempotent(Path disk, CrashScript.State found, String note)
      throws IOException {
    try (Database db = open(disk, Io.system())) {
      db.flush(); // so that what is linked does not depend on the time between open and close
      db.awaitMerges();
    }
    open(disk, Io.system()).close(); // empties the trash
    Map<Path, byte[]> before = files(disk);
    try (Database db = open(disk, Io.system())) {
      assertThat(db.recovery().rebuilt()).as(note).isEmpty();
      assertThat(db.recovery().trashed()).as(note).isEmpty();
      assertThat(CrashScript.found(db, note)).as(note).isEqualTo(found);
    }
    Map<Path, byte[]> after = files(disk);
    assertThat(after.keySet()).as(note).isEqualTo(before.keySet());
    before.forEach((path, bytes) ->
        assertThat(Arrays.equals(after.get(path), bytes)).as(note + path).isTrue());
  }

  /** Files whose content outlives the process. */
  private static Map<Path, byte[]> files(Path disk) throws IOException {
    Map<Path, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(disk)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("LOCK") && !file.endsWith("lock.mdb")) {
          files.put(disk.relativize(file), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private static void requireUsable(Path disk, CrashScript.State found, String note) {
    CrashScript.State expected = found.copy();
    try (Database db = open(disk, Io.system())) {
      for (String name : List.copyOf(expected.collections())) {
        Row row = Row.of(77_777, new float[] {1, 2, 3, 4, 5, 6}, Metadata.of("after", note));
        db.collection(name).upsert(row);
        expected.rows().put(name + "/77777", row);
        db.collection(name).optimize();
      }
      assertThat(CrashScript.found(db, note)).as(note).isEqualTo(expected);
      SoundDatabase.requireVerified(db, note);
    }
  }

  /** Deletes a directory if it is there. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
