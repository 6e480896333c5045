package io.firn.store;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged LMDB files. What LMDB itself might not survive runs in a JVM of its own. */
class LmdbCorruptionTest {

  private static final int ROWS = 600;
  private static final int CYCLES = Integer.getInteger("firn.test.cycles", 10);
  private static final int DAMAGES = CYCLES >= 50 ? 200 * CYCLES : 300;

  @TempDir Path temp;
  private Path path;
  private Path file;
  private byte[] good;

  @BeforeEach
  void write() throws IOException {
    path = temp.resolve("db");
    file = path.resolve("meta/data.mdb");
    try (DatabaseDirectory directory = DatabaseDirectory.open(path, true, Io.system());
        Lmdb lmdb = open(directory)) {
      for (int part = 0; part < 3; part++) {
        int from = part * ROWS / 3;
        lmdb.write(txn -> {
          for (int i = from; i < from + ROWS / 3; i++) {
            txn.put(i % 2 == 0 ? "even" : "odd", key(i), value(i));
          }
        });
      }
      lmdb.verify();
    }
    good = Files.readAllBytes(file);
  }

  private static Lmdb open(DatabaseDirectory directory) throws IOException {
    return Lmdb.open(directory, List.of("even", "odd"), new Lmdb.Options(1 << 22, 2));
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  private static byte[] value(int i) {
    return "%d ".formatted(i).repeat(i % 50 == 0 ? 3_000 : 30).getBytes(UTF_8);
  }

  private void openAndClose() throws IOException {
    try (DatabaseDirectory directory = DatabaseDirectory.open(path, false, Io.system());
        Lmdb lmdb = open(directory)) {
      assertThat(lmdb.stats().rows()).hasSize(2);
    }
  }

  private void verify() throws IOException {
    try (DatabaseDirectory directory = DatabaseDirectory.open(path, false, Io.system());
        Lmdb lmdb = open(directory)) {
      lmdb.verify();
    }
  }

  @Test
  void isRefusedWhenAbsent() throws IOException {
    Files.delete(file);

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::openAndClose)
        .withMessageContaining("file must be present but is absent");
  }

  @Test
  void isRefusedWhenForeign() throws IOException {
    Files.write(file, SegmentFileTest.randomBytes(good.length, 3));

    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(this::openAndClose);
  }

  /** In this JVM: it must never come so far that LMDB maps what is not there. */
  @Test
  void isRefusedAtOpeningForEveryTruncation() throws IOException {
    int pages = good.length / 4096;
    for (int page = 0; page < pages; page++) {
      for (int length : new int[] {page * 4096, page * 4096 + 100, page * 4096 + 4095}) {
        Files.write(file, Arrays.copyOf(good, length));
        assertThatExceptionOfType(CorruptFileException.class)
            .as("%d bytes of %d", length, good.length)
            .isThrownBy(this::openAndClose)
            .matches(e -> e.file().equals(file));
      }
    }
  }

  @Test
  void isOpenedWhenOnlyUnusedPagesAreMissing() throws IOException {
    int emptied = ROWS;
    try (DatabaseDirectory directory = DatabaseDirectory.open(path, false, Io.system());
        Lmdb lmdb = open(directory)) {
      lmdb.write(txn -> txn.deleteRange("odd", null, null));
      lmdb.write(txn -> txn.deleteRange("even", key(10), null));
      lmdb.write(txn -> txn.put("odd", key(emptied), value(1)));
    }
    byte[] all = Files.readAllBytes(file);
    int opened = 0;
    int refused = 0;
    for (int pages = all.length / 4096 - 1; pages >= 2; pages--) {
      Files.write(file, Arrays.copyOf(all, pages * 4096));
      try {
        verify();
        opened++;
      } catch (CorruptFileException e) {
        refused++;
      }
    }
    assertThat(opened).as("cuts in the free tail").isPositive();
    assertThat(refused).as("cuts in what is used").isPositive();
  }

  @Test
  void isRefusedForFlipsInWhatTheMetaPagesSayAboutThemselves() throws IOException {
    for (int page = 0; page < 2; page++) {
      for (int at : new int[] {16, 17, 18, 19, 20, 21, 22, 23, 41}) {
        byte[] flipped = good.clone();
        flipped[page * 4096 + at] ^= 0x10;
        Files.write(file, flipped);

        assertThatExceptionOfType(CorruptFileException.class)
            .as("meta page %d, byte %d", page, at)
            .isThrownBy(this::openAndClose);
      }
    }
  }

  /** Else an old state would be taken for the newest, or pages in use would be written over. */
  @Test
  void isRefusedForFlipsInTheNewestStateOfTheMetaPages() throws IOException {
    int newest = good[144] > good[4096 + 144] ? 0 : 4096;
    for (int at : new int[] {128, 129, 130, 136, 137, 138, 143, 144, 145, 151}) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = good.clone();
        flipped[newest + at] ^= (byte) (1 << bit);
        long before = ByteBuffer.wrap(good).order(LITTLE_ENDIAN).getLong(newest + 136);
        long after = ByteBuffer.wrap(flipped).order(LITTLE_ENDIAN).getLong(newest + 136);
        if (after > before && after <= before + (1 << 17)) {
          continue; // more pages than there are harm nobody
        }
        Files.write(file, flipped);

        assertThatExceptionOfType(CorruptFileException.class)
            .as("byte %d, bit %d", at, bit)
            .isThrownBy(this::openAndClose);
      }
    }
  }

  @Test
  void isRefusedWhenAnOldStateIsDressedAsTheNewest() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(good.clone()).order(LITTLE_ENDIAN);
    boolean firstIsOld = bytes.getLong(144) < bytes.getLong(4096 + 144);
    int old = firstIsOld ? 144 : 4096 + 144;
    bytes.putLong(old, bytes.getLong(old) + 2);
    Files.write(file, bytes.array());

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::openAndClose)
        .matches(e -> e.field().equals("transaction of the LMDB meta page"));
  }

  @Test
  void isNamedByTableAndKeyForADamagedValue() throws IOException {
    byte[] flipped = good.clone();
    int at = indexOf(flipped, "301 301 301".getBytes(UTF_8));
    flipped[at + 5] ^= 1;
    Files.write(file, flipped);

    try (DatabaseDirectory directory = DatabaseDirectory.open(path, false, Io.system());
        Lmdb lmdb = open(directory)) {
      String what = "crc32c of the value of key 0x0000012d in table odd";
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> lmdb.<byte @Nullable []>read(txn -> txn.get("odd", key(301))))
          .matches(e -> e.field().equals(what) && e.offset() == at);
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> lmdb.read(txn -> txn.view("odd", key(301)) == null));
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> scan(lmdb))
          .matches(e -> e.field().equals(what));
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(lmdb::verify)
          .matches(e -> e.field().equals(what));
      assertThat(lmdb.<byte @Nullable []>read(txn -> txn.get("odd", key(303))))
          .isEqualTo(value(303));
    }
  }

  private static void scan(Lmdb lmdb) throws IOException {
    lmdb.<@Nullable Void>read(txn -> {
      txn.scan("odd", null, null, (key, value) -> true);
      return null;
    });
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = 0; ; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
  }

  @Test
  void isFoundWhenValuesAreSwapped() throws IOException {
    byte[] swapped = good.clone();
    int one = indexOf(good, "301 301 ".getBytes(UTF_8));
    int other = indexOf(good, "303 303 ".getBytes(UTF_8));
    int stored = value(301).length + 4;
    System.arraycopy(good, one, swapped, other, stored);
    System.arraycopy(good, other, swapped, one, stored);
    Files.write(file, swapped);

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::verify)
        .withMessageContaining("in table odd");
  }

  /** LMDB would follow it to behind the end of its file, and end this process. */
  @Test
  void isNamedForANodePointerThatLeavesThePage() throws IOException {
    byte[] damaged = good.clone();
    int leaf = indexOf(good, "301 301 301".getBytes(UTF_8)) / 4096 * 4096;
    ByteBuffer page = ByteBuffer.wrap(damaged).order(LITTLE_ENDIAN);
    int end = Short.toUnsignedInt(page.getShort(leaf + 12));
    for (int at = leaf + 16; at < leaf + end; at += 2) {
      page.putShort(at, (short) 0xfffe);
    }
    Files.write(file, damaged);

    try (DatabaseDirectory directory = DatabaseDirectory.open(path, false, Io.system());
        Lmdb lmdb = open(directory)) {
      List<ThrowingCallable> uses =
          List.of(
              () -> lmdb.<byte @Nullable []>read(txn -> txn.get("odd", key(301))),
              () -> scan(lmdb),
              () -> lmdb.write(txn -> txn.get("odd", key(301))),
              () -> lmdb.write(txn -> txn.scan("odd", null, null, (key, value) -> true)),
              () -> lmdb.write(txn -> txn.put("odd", key(301), value(3))),
              () -> lmdb.write(txn -> txn.delete("odd", key(301))),
              () -> lmdb.write(txn -> txn.deleteRange("odd", null, null)),
              lmdb::verify);
      for (ThrowingCallable use : uses) {
        assertThatExceptionOfType(CorruptFileException.class)
            .isThrownBy(use)
            .matches(e -> e.field().equals("LMDB node pointer") && e.offset() == leaf);
      }
      assertThat(lmdb.<byte @Nullable []>read(txn -> txn.get("even", key(300))))
          .isEqualTo(value(300));
    }
  }

  @Test
  void isRefusedForAFreePageThatIsInUse() throws IOException {
    byte[] damaged = good.clone();
    ByteBuffer pages = ByteBuffer.wrap(damaged).order(LITTLE_ENDIAN);
    int newest = good[144] > good[4096 + 144] ? 0 : 4096;
    int free = (int) pages.getLong(newest + 80) * 4096; // a leaf, as there are few
    int node = free + Short.toUnsignedInt(pages.getShort(free + 16));
    int list = node + 16; // behind an 8-byte key
    assertThat(pages.getLong(list)).as("free pages of the first transaction").isPositive();
    pages.putLong(list + 8, pages.getLong(newest + 128));
    Files.write(file, damaged);

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::openAndClose)
        .matches(e -> e.field().equals("LMDB page") || e.field().equals("LMDB free page"));
  }

  /** Reads and changes one damaged copy after the other and says what came of each. */
  static final class Reader {
    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[0]);
      Path file = path.resolve("meta/data.mdb");
      try (var copies = Files.list(Path.of(arguments[1]))) {
        for (Path copy : copies.sorted().toList()) {
          Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
          String number = copy.getFileName().toString();
          System.out.println(number + " " + outcome(path, Integer.parseInt(number)));
          System.out.flush();
        }
      }
    }

    private static String outcome(Path path, int seed) throws IOException {
      try (DatabaseDirectory directory = DatabaseDirectory.open(path, false, Io.system())) {
        String verified = verified(directory);
        try (Lmdb lmdb = open(directory)) {
          return verified + " " + read(lmdb) + " " + changed(lmdb, new Random(seed));
        } catch (CorruptFileException e) {
          return verified + " refused";
        }
      }
    }

    private static String verified(DatabaseDirectory directory) throws IOException {
      try {
        Lmdb.verify(directory);
        return "sound";
      } catch (CorruptFileException e) {
        return "damaged";
      }
    }

    private static String read(Lmdb lmdb) throws IOException {
      int missing = 0;
      try {
        for (int i = 0; i < ROWS; i++) {
          byte[] key = key(i);
          String table = i % 2 == 0 ? "even" : "odd";
          byte[] value = lmdb.<byte @Nullable []>read(txn -> txn.get(table, key));
          if (value == null) {
            missing++;
          } else if (!Arrays.equals(value, value(i))) {
            return "WRONG";
          }
        }
        scan(lmdb);
        return missing > 0 ? "missing" : "same";
      } catch (CorruptFileException e) {
        return "corrupt";
      }
    }

    private static String changed(Lmdb lmdb, Random random) throws IOException {
      try {
        lmdb.write(txn -> {
          int from = random.nextInt(ROWS);
          txn.deleteRange("even", key(from), key(from + random.nextInt(ROWS)));
          for (int i = 0; i < 100; i++) {
            int row = random.nextInt(ROWS);
            txn.delete("odd", key(row));
            txn.put(random.nextBoolean() ? "even" : "odd", key(row), value(random.nextInt(ROWS)));
          }
          txn.append("even", key(ROWS), value(1));
          if (random.nextInt(4) > 0) {
            throw new CancellationException(); // the disk has no time to force each
          }
        });
        lmdb.verify();
        return "changed";
      } catch (CancellationException e) {
        return "changed";
      } catch (CorruptFileException e) {
        return "corrupt";
      }
    }
  }

  /** Nothing but opening looks at the file before LMDB has it. */
  @Test
  void givesNoWrongAnswerAndNoCrashForRandomFlipsAndOldPages() throws Exception {
    long seed = 7;
    Random random = new Random(seed);
    Path copies = temp.resolve("copies");
    Files.createDirectory(copies);
    for (int i = 0; i < DAMAGES; i++) {
      byte[] damaged = good.clone();
      if (i % 4 == 0) { // a page of zeros, or in the place of another
        int to = 2 + random.nextInt(good.length / 4096 - 2);
        int from = random.nextInt(good.length / 4096);
        System.arraycopy(
            i % 8 == 0 ? new byte[good.length] : good, from * 4096, damaged, to * 4096, 4096);
      } else {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          damaged[place(random)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      Files.write(copies.resolve("%05d".formatted(i)), damaged);
    }
    List<String> outcomes = outcomesInChildren(copies, DAMAGES);

    assertThat(outcomes).as("seed %d", seed).hasSize(DAMAGES);
    assertThat(outcomes)
        .allMatch(outcome ->
            outcome.matches(
                "\\d+ (sound same changed|damaged (refused|(same|missing|corrupt) .*))"));
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.contains("corrupt") || outcome.contains("refused"))
        .hasSizeGreaterThan(DAMAGES / 2);
  }

  /** Half of them at the start of a page, where its structure is. */
  private int place(Random random) {
    int at = random.nextInt(good.length);
    return random.nextBoolean() ? at : at / 4096 * 4096 + random.nextInt(64);
  }

  private List<String> outcomesInChildren(Path copies, int count) throws Exception {
    List<String> outcomes = new ArrayList<>();
    while (outcomes.size() < count) {
      ChildJvm.Result child =
          ChildJvm.run(
              List.of("-XX:ErrorFile=" + temp.resolve("crash.log")), Reader.class, path, copies);
      List<String> lines = child.output().lines().filter(line -> line.matches("\\d+ .*")).toList();
      outcomes.addAll(lines);
      for (String line : lines) {
        Files.delete(copies.resolve(line.substring(0, 5)));
      }
      if (child.exitCode() != 0) {
        try (var left = Files.list(copies)) {
          Path crashed = left.sorted().findFirst().orElseThrow();
          outcomes.add(crashed.getFileName() + " crash " + child.output());
          Files.delete(crashed);
        }
      }
    }
    return outcomes;
  }
}
