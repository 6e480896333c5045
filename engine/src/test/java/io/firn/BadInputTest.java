package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be meant is refused with its value and a remedy, and the database goes on. */
class BadInputTest {

  @TempDir Path directory;

  private Database db;
  private Collection rows;

  @BeforeEach
  void open() {
    db = Firn.open(directory.resolve("db"));
    rows = db.collection("rows", CollectionSpec.of(3, Metric.COSINE));
    rows.upsert("before", new float[] {1, 0, 0});
  }

  @AfterEach
  void goesOnAndReopens() {
    rows.upsert("after", new float[] {0, 1, 0});
    assertThat(rows.search(new float[] {0, 1, 0}).run()).extracting(Hit::id).contains("after");
    db.close();
    try (Database again = Firn.open(directory.resolve("db"))) {
      assertThat(again.collection("rows").count()).isEqualTo(2);
      assertThat(again.verify().problems()).isEmpty();
    }
  }

  private static void refused(Runnable call, Class<? extends FirnException> type, String... parts) {
    assertThatThrownBy(call::run)
        .isInstanceOf(type)
        .message()
        .contains(parts)
        .contains("must")
        .endsWith(".");
  }

  @Test
  void wrongDimensionNamesBoth() {
    refused(
        () -> rows.upsert("x", new float[4]), FirnException.InvalidInput.class, "\"x\"", "3", "4");
    refused(() -> rows.search(new float[2]), FirnException.InvalidInput.class, "query", "3", "2");
    refused(
        () -> db.write(tx -> tx.upsert(rows, "x", new float[0])),
        FirnException.InvalidInput.class,
        "0");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void nonFiniteNamesValueAndPlace(float value) {
    float[] vector = {1, value, 0};
    refused(
        () -> rows.upsert("x", vector), FirnException.InvalidInput.class, "" + value, "index 1");
    refused(() -> rows.search(vector), FirnException.InvalidInput.class, "" + value, "index 1");
  }

  @Test
  void zeroAndOverlongVectorsHaveNoDistance() {
    refused(() -> rows.upsert("x", new float[3]), FirnException.InvalidInput.class, "direction");
    refused(
        () -> rows.upsert("x", new float[] {1e-30f, 0, 0}),
        FirnException.InvalidInput.class,
        "direction");
    refused(
        () -> rows.search(new float[] {3e19f, 0, 0}), FirnException.InvalidInput.class, "overflow");
    Collection plain = db.collection("plain", CollectionSpec.of(3, Metric.EUCLIDEAN));
    plain.upsert("zero", new float[3]);
    assertThat(plain.search(new float[3]).run().getFirst().distance()).isZero();
  }

  @Test
  void batchWithOneBadRowWritesNothing() {
    List<Row> batch =
        List.of(Row.of("good", new float[] {1, 1, 1}), Row.of("bad", new float[] {1, 1}));
    refused(() -> rows.upsertAll(batch), FirnException.InvalidInput.class, "\"bad\"");
    assertThat(rows.get("good")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Search.MAX_K + 1, Integer.MAX_VALUE})
  void kOutOfRangeNamesTheRange(int k) {
    refused(
        () -> rows.search(new float[] {1, 0, 0}).k(k),
        FirnException.InvalidInput.class,
        "" + k,
        "" + Search.MAX_K);
  }

  @Test
  void efBelowOneIsRefused() {
    refused(() -> rows.search(new float[] {1, 0, 0}).ef(0), FirnException.InvalidInput.class, "0");
  }

  @Test
  void unknownCollectionNamesThoseThereAre() {
    refused(() -> db.collection("nope"), FirnException.NotFound.class, "nope", "rows");
  }

  @Test
  void conflictingSpecNamesBoth() {
    refused(
        () -> db.collection("rows", CollectionSpec.of(4, Metric.COSINE)),
        FirnException.Conflict.class,
        "dimension=3",
        "dimension=4");
    refused(
        () -> db.collection("rows", CollectionSpec.of(3, Metric.DOT)),
        FirnException.Conflict.class,
        "COSINE",
        "DOT");
    db.close();
    db = Firn.open(directory.resolve("db"));
    refused(
        () -> db.collection("rows", CollectionSpec.of(384, Metric.COSINE)),
        FirnException.Conflict.class,
        "dimension=3",
        "dimension=384");
    rows = db.collection("rows", CollectionSpec.of(3, Metric.COSINE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "_system",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "/abs",
        "a.b",
        "a b",
        "ü",
        "a\u0000",
        "12345678901234567890123456789012345678901234567890123456789012345"
      })
  void collectionNamesThatAreNoneAreRefused(String name) {
    refused(
        () -> db.collection(name, CollectionSpec.of(3, Metric.COSINE)),
        FirnException.InvalidInput.class,
        "name");
  }

  @Test
  void specsOutOfRangeAreRefused() {
    refused(() -> CollectionSpec.of(0, Metric.DOT), FirnException.InvalidInput.class, "0");
    refused(() -> CollectionSpec.of(10_001, Metric.DOT), FirnException.InvalidInput.class, "10001");
    refused(
        () -> CollectionSpec.of(3, Metric.DOT).withIndex(1, 100),
        FirnException.InvalidInput.class,
        "m must");
    refused(
        () -> CollectionSpec.of(3, Metric.DOT).withIndex(16, 15),
        FirnException.InvalidInput.class,
        "efConstruction");
  }

  @Test
  void idsThatAreNoneAreRefused() {
    float[] vector = {1, 0, 0};
    refused(() -> rows.upsert("", vector), FirnException.InvalidInput.class, "0");
    refused(
        () -> rows.upsert("x".repeat(65_536), vector), FirnException.InvalidInput.class, "65536");
    refused(() -> rows.get("\ud800"), FirnException.InvalidInput.class, "surrogate");
    refused(() -> rows.delete("a\udfffb"), FirnException.InvalidInput.class, "surrogate");
  }

  @Test
  void metadataThatHasNoFormIsRefused() {
    refused(() -> Metadata.of("a"), FirnException.InvalidInput.class, "1");
    refused(() -> Metadata.of("a", new Object()), FirnException.InvalidInput.class, "Object");
    refused(() -> Metadata.of("a", List.of(1)), FirnException.InvalidInput.class, "Integer");
    refused(() -> Metadata.of("", 1), FirnException.InvalidInput.class, "name");
    refused(() -> Metadata.of("a", 1, "a", 2), FirnException.InvalidInput.class, "twice");
    refused(() -> Metadata.of(Map.of("a", "\udc00")), FirnException.InvalidInput.class, "Unicode");
    refused(
        () -> rows.upsert("x", new float[] {1, 0, 0}, Metadata.of("big", new byte[(1 << 20) + 1])),
        FirnException.InvalidInput.class,
        "1048576");
  }

  @Test
  void indexesOfFieldsThatAreNoneAreRefused() {
    refused(() -> rows.index(""), FirnException.InvalidInput.class, "name");
    refused(() -> rows.index("a", "x".repeat(256)), FirnException.InvalidInput.class, "255");
    refused(() -> rows.index("\ud800"), FirnException.InvalidInput.class, "surrogate");
    refused(() -> rows.index("a", "b", "a"), FirnException.InvalidInput.class, "different");
    refused(
        () -> rows.dropIndex("a", "b", "c", "d", "e"), FirnException.InvalidInput.class, "1..4");
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    refused(() -> Options.DEFAULT.withSealRows(999), FirnException.InvalidInput.class, "999");
    refused(() -> Durability.interval(Duration.ZERO), FirnException.InvalidInput.class, "PT0S");
    refused(
        () -> Durability.interval(Duration.ofHours(2)), FirnException.InvalidInput.class, "PT2H");
  }

  @Test
  void secondOpenerIsRefusedNamingTheHolder() {
    refused(
        () -> Firn.open(directory.resolve("db")),
        FirnException.Locked.class,
        "" + ProcessHandle.current().pid());
  }

  @Test
  void missingDatabaseIsNotMadeWhenNotAskedFor() {
    Path missing = directory.resolve("missing");
    refused(
        () -> Firn.open(missing, Options.DEFAULT.withCreateIfMissing(false)),
        FirnException.NotFound.class,
        "missing");
    assertThat(missing).doesNotExist();
  }

  @Test
  void foreignDirectoryIsLeftAlone() throws IOException {
    Path foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("precious.txt"), "mine");
    refused(() -> Firn.open(foreign), FirnException.Corrupt.class, "foreign");
    assertThat(foreign).isDirectoryContaining("glob:**/precious.txt");
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertThatThrownBy(() -> Firn.open(file)).isInstanceOf(FirnException.class);
    assertThat(file).hasContent("mine");
  }
}
