package io.firn;

import io.firn.crash.CredulousIo;
import io.firn.recovery.Opening;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Damages copies of a database, one file in one way at a time, and says what came of it. */
final class DamageCases {

  static final int DIMENSION = 8;
  static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(8, 40);

  private static final Options EXISTING = Options.DEFAULT.withCreateIfMissing(false);

  private final Path directory;
  private final Path copy;
  private final Path relative;
  private final Answers expected;
  private final Io io;

  /** An argument of {@link #main}: whatever is read is believed. */
  static final String CREDULOUS = "credulous";

  private DamageCases(Path directory, String file, boolean credulous) throws IOException {
    this.directory = directory;
    this.copy = directory.resolve("case-" + file);
    copy(directory.resolve("db"), copy);
    this.relative = directory.resolve("db").relativize(find(directory.resolve("db"), file));
    this.io = credulous ? new CredulousIo(copy, directory.resolve("db")) : Io.system();
    try (Database db = Firn.open(copy, EXISTING)) {
      this.expected = Answers.of(db);
    }
  }

  /** Everything a database can be asked for. */
  record Answers(long count, List<Row> scanned, List<String> hits, List<Optional<Row>> found) {

    static Answers of(Database db) {
      Collection rows = db.collection("rows", SPEC);
      List<Row> scanned;
      try (Stream<Row> scan = rows.scan()) {
        scanned = scan.toList();
      }
      var random = new Random(3);
      List<String> hits = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        List<Hit> exact = rows.search(query).k(20).exact().withMetadata().run();
        exact.forEach(
            hit -> hits.add("%s at %.3f %s".formatted(hit.id(), hit.distance(), hit.metadata())));
        rows.search(query).k(20).withVector().run().stream()
            .filter(hit -> !isTrue(hit, query))
            .forEach(hit -> hits.add("untrue " + hit));
      }
      List<Optional<Row>> found = new ArrayList<>();
      for (long id = 0; id < 9_000; id += 3) {
        found.add(rows.get(id));
      }
      return new Answers(rows.count(), scanned, hits, found);
    }
  }

  /** The graph may lead to other rows than the nearest, but not to untrue distances. */
  private static boolean isTrue(Hit hit, float[] query) {
    double sum = 0;
    float[] vector = Objects.requireNonNull(hit.vector());
    for (int i = 0; i < query.length; i++) {
      sum += ((double) query[i] - vector[i]) * ((double) query[i] - vector[i]);
    }
    return Math.abs(Math.sqrt(sum) - hit.distance()) < 1e-4 * (1 + Math.sqrt(sum));
  }

  /**
   * Arguments: the directory, endings of file names with commas between, random damages of each.
   */
  public static void main(String[] arguments) throws Exception {
    boolean credulous = arguments.length > 3 && arguments[3].equals(CREDULOUS);
    for (String file : arguments[1].split(",", -1)) {
      var cases = new DamageCases(Path.of(arguments[0]), file, credulous);
      cases.reportAll(Integer.parseInt(arguments[2]));
      delete(cases.copy);
    }
  }

  private void reportAll(int randomDamages) throws IOException {
    long size = Files.size(directory.resolve("db").resolve(relative));
    report("truncated-to-0", path -> truncate(path, 0));
    report("truncated-to-half", path -> truncate(path, size / 2));
    report("truncated-by-1", path -> truncate(path, size - 1));
    report("flipped-in-header", path -> flip(path, Math.min(20, size - 1)));
    report("flipped-in-middle", path -> flip(path, size / 2));
    report("flipped-at-end", path -> flip(path, size - 1));
    report("of-another-database", path -> replace(path, directory.resolve("other")));
    report("older", path -> replace(path, directory.resolve("older")));
    report("deleted", Files::delete);
    var random = new Random(4);
    for (int i = 0; i < randomDamages; i++) {
      reportRandom(random, size);
    }
  }

  private void reportRandom(Random random, long size) throws IOException {
    long at = random.nextLong(size);
    long other = random.nextLong(size);
    long length = Math.min(512, size - Math.max(at, other));
    switch (random.nextInt(12)) {
      case 0 -> report("truncated-at-" + at, path -> truncate(path, at));
      case 1 -> report("extended-by-" + length, path -> extend(path, length));
      case 2 -> report("zeroed-at-" + at, path -> change(path, at, new byte[(int) length]));
      case 3 -> report("swapped-" + at + "-with-" + other, path -> swap(path, at, other, length));
      case 4 -> {
        byte[] noise = new byte[(int) length];
        random.nextBytes(noise);
        report("overwritten-at-" + at, path -> change(path, at, noise));
      }
      case 5 -> {
        List<Path> files = files(directory.resolve("db"));
        Path source = files.get(random.nextInt(files.size()));
        report(
            "replaced-by-" + source.getFileName(),
            path -> Files.copy(source, path, StandardCopyOption.REPLACE_EXISTING));
      }
      default -> {
        int bit = random.nextInt(8);
        report("flipped-at-" + at + "." + bit, path -> flip(path, at, 1 << bit));
      }
    }
  }

  private static List<Path> files(Path database) throws IOException {
    try (Stream<Path> files = Files.walk(database)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void extend(Path file, long bytes) throws IOException {
    byte[] longer = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(longer, longer.length + (int) bytes + 1));
  }

  private static void change(Path file, long at, byte[] bytes) throws IOException {
    byte[] all = Files.readAllBytes(file);
    System.arraycopy(bytes, 0, all, (int) at, bytes.length);
    Files.write(file, all);
  }

  private static void swap(Path file, long at, long other, long length) throws IOException {
    byte[] all = Files.readAllBytes(file);
    byte[] first = Arrays.copyOfRange(all, (int) at, (int) (at + length));
    System.arraycopy(all, (int) other, all, (int) at, (int) length);
    System.arraycopy(first, 0, all, (int) other, (int) length);
    Files.write(file, all);
  }

  /** Damages a file. */
  private interface Damage {
    void to(Path file) throws IOException;
  }

  private void report(String name, Damage damage) throws IOException {
    copy(directory.resolve("db"), copy);
    damage.to(copy.resolve(relative));
    System.out.println(relative + " " + name + ": " + outcome());
  }

  private String outcome() throws IOException {
    boolean opened = false;
    try (Database db = new Database(Opening.open(copy, EXISTING, io))) {
      opened = true;
      if (io instanceof CredulousIo credulous) {
        Answers.of(db);
        credulous.letDamageIn();
      }
      return outcome(db);
    } catch (FirnException e) {
      if (opened) {
        return "refused only while closing: " + e;
      }
      return String.valueOf(e.getMessage()).contains(copy.toString())
          ? afterRepair(e)
          : "UNNAMED " + e;
    } catch (Throwable e) {
      return "UNTYPED " + e + " at " + List.of(e.getStackTrace()).subList(0, 5);
    }
  }

  private String outcome(Database db) {
    Answers answers = null;
    String failure = "WRONG answers, and verify finds nothing";
    try {
      answers = Answers.of(db);
    } catch (FirnException e) {
      failure = "ANSWERS fail but verify finds nothing: " + e;
    }
    List<String> problems = db.verify().problems();
    if (!problems.isEmpty()) {
      return "verify " + problems.getFirst();
    }
    if (!expected.equals(answers)) {
      return failure;
    }
    List<String> rebuilt = db.recovery().rebuilt();
    return rebuilt.isEmpty() ? "same" : "rebuilt " + rebuilt;
  }

  /** One damaged file must not cost others: with the right one in its place all is as before. */
  private String afterRepair(FirnException refused) throws IOException {
    Files.copy(
        directory.resolve("db").resolve(relative),
        copy.resolve(relative),
        StandardCopyOption.REPLACE_EXISTING);
    try (Database db = Firn.open(copy, EXISTING)) {
      return Answers.of(db).equals(expected) && db.verify().ok()
          ? "refused " + refused.getClass().getSimpleName() + " " + refused.getMessage()
          : "BROKEN by the refusal " + refused;
    } catch (FirnException e) {
      return "BROKEN by the refusal " + refused + ", which leaves " + e;
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    flip(file, at, 0x10);
  }

  private static void flip(Path file, long at, int bits) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= (byte) bits;
    Files.write(file, bytes);
  }

  private static void replace(Path file, Path database) throws IOException {
    String name = String.valueOf(file.getFileName());
    Path source =
        find(
            database,
            name.contains(".") && !name.endsWith(".mdb")
                ? name.substring(name.indexOf('.'))
                : name);
    Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path find(Path database, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(database)) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  static void copy(Path from, Path to) throws IOException {
    delete(to);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
