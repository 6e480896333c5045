package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Databases that earlier formats wrote are read for ever. Each is a resource, made once by {@link
 * #main} of its time and never again; derived files may be built anew.
 */
class GoldenDatabaseTest {

  private static final int DIMENSION = 8;
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(1_000);

  @TempDir Path directory;

  /** Writes a golden database of the present format to a zip file. */
  public static void main(String[] arguments) throws IOException {
    Path work = Files.createTempDirectory("golden");
    write(work.resolve("db"));
    zip(work.resolve("db"), Path.of(arguments[0]));
    CrashCheck.delete(work);
  }

  private static void write(Path path) {
    try (Database db = Firn.open(path, OPTIONS)) {
      Collection sealed =
          db.collection("sealed", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(8, 32));
      List<Row> rows = expected();
      sealed.upsertAll(rows.subList(0, 300));
      sealed.optimize();
      sealed.upsertAll(rows.subList(200, 400)); // replaces some, adds some, stays in LMDB
      sealed.upsert(Row.of(9_999, new float[DIMENSION], Metadata.EMPTY));
      sealed.delete(9_999);
      db.collection("fresh", CollectionSpec.of(DIMENSION, Metric.COSINE)).upsertAll(rows);
      db.collection("empty", CollectionSpec.of(3, Metric.DOT));
    }
  }

  /** What every golden database of this kind holds. */
  private static List<Row> expected() {
    var random = new Random(20261120);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Metadata metadata =
          Metadata.of(
              "n", (long) i, "text", "row " + i, "half", i / 2.0, "tags", List.of("a", "b"));
      float[] vector = TestVectors.random(random, DIMENSION);
      rows.add(
          i % 2 == 0
              ? Row.of(i, vector, metadata)
              : Row.of("row " + "x".repeat(i), vector, metadata));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = "1.0")
  void databaseOfAnEarlierFormatIsReadAndWritten(String format) throws IOException {
    Path path = directory.resolve("db");
    unzip("golden/" + format + ".zip", path);
    List<Row> rows = expected();
    try (Database db = Firn.open(path, OPTIONS)) {
      assertThat(db.collections()).containsExactly("empty", "fresh", "sealed");
      for (String name : List.of("sealed", "fresh")) {
        assertThat(SoundDatabase.rows(db.collection(name), format))
            .containsExactlyInAnyOrderElementsOf(rows);
      }
      assertThat(db.collection("empty").spec()).isEqualTo(CollectionSpec.of(3, Metric.DOT));
      db.collection("sealed").upsert(Row.of(1_000, rows.getFirst().vector()));
      db.collection("sealed").optimize();
      SoundDatabase.requireVerified(db, format);
    }
    try (Database db = Firn.open(path, OPTIONS)) {
      assertThat(db.collection("sealed").count()).isEqualTo(rows.size() + 1);
      SoundDatabase.requireVerified(db, format + " written by this version");
    }
  }

  private static void zip(Path directory, Path file) throws IOException {
    try (Stream<Path> all = Files.walk(directory);
        OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path each : all.filter(GoldenDatabaseTest::isLasting).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(directory.relativize(each).toString()));
        Files.copy(each, zip);
      }
    }
  }

  /** What says who had it open is not part of a database. */
  private static boolean isLasting(Path file) {
    return Files.isRegularFile(file) && !file.endsWith("LOCK") && !file.endsWith("lock.mdb");
  }

  private static void unzip(String resource, Path directory) throws IOException {
    for (String child : List.of("meta", "seg", "trash")) {
      Files.createDirectories(directory.resolve(child));
    }
    try (InputStream in =
            Objects.requireNonNull(GoldenDatabaseTest.class.getResourceAsStream(resource));
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.copy(zip, directory.resolve(entry.getName()));
      }
    }
  }
}
