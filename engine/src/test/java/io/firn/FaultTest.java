package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.firn.recovery.Opening;
import io.firn.store.FaultyIo;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every call to the file system fails, once or from then on, during every operation. The operation
 * works or says what is wrong; reads go on; with a healthy disk everything acknowledged is there.
 */
class FaultTest {

  private static final int DIMENSION = 4;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16);
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(1_000);
  private static final int MAX_CALLS = 2_000;

  private static final Logger LOG = Logger.getLogger("io.firn"); // held, or its level is forgotten

  @BeforeAll
  static void keepQuietOfInjectedFaults() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private final Map<Long, Row> acknowledged = new TreeMap<>();
  private Map<Long, Row> whenBackedUp = Map.of();
  private int generation;

  /** What is done while calls fail. */
  enum Operation {
    OPEN,
    UPSERT,
    DELETE,
    TRANSACTION,
    BULK,
    CREATE,
    INDEX,
    DROP_INDEX,
    SEAL,
    CHECKPOINT,
    VERIFY,
    BACKUP,
    MERGE,
    MOVE,
    CLOSE;

    /** Of many calls, or many rows. */
    boolean slow() {
      return this == OPEN || this == CHECKPOINT || this == SEAL || this == BACKUP || this == MERGE;
    }

    void run(Database db, List<Row> rows, Path at) {
      Collection collection = db.collection("rows");
      switch (this) {
        case OPEN -> {}
        case UPSERT -> collection.upsertAll(rows);
        case DELETE -> collection.delete(0);
        case TRANSACTION -> db.write(tx -> rows.forEach(row -> tx.upsert(collection, row)));
        case BULK -> load(collection, rows);
        case CREATE -> db.collection("other", SPEC);
        case INDEX -> collection.index("new");
        case DROP_INDEX -> collection.dropIndex("generation");
        case SEAL -> collection.optimize();
        case CHECKPOINT -> db.flush();
        case VERIFY -> db.verify();
        case BACKUP -> db.backup(at.resolve("backup"));
        case MERGE -> {
          db.resumeMerges();
          db.awaitMerges();
        }
        case MOVE -> CrashScript.move(db);
        case CLOSE -> db.close();
      }
    }

    private static void load(Collection collection, List<Row> rows) {
      try (BulkLoad load = collection.bulk()) {
        rows.forEach(load::add);
        load.commit();
      }
    }

    /** Rows to write before it, so that there is something to do. */
    int rowsBefore() {
      return switch (this) {
        case CHECKPOINT, CLOSE -> 1_005;
        case MERGE -> 3_005;
        default -> 0;
      };
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @CsvSource({
    "OPEN, false", "OPEN, true",
    "UPSERT, false", "UPSERT, true",
    "DELETE, false", "DELETE, true",
    "TRANSACTION, false", "TRANSACTION, true",
    "BULK, false", "BULK, true",
    "CREATE, false", "CREATE, true",
    "INDEX, false", "INDEX, true",
    "DROP_INDEX, false", "DROP_INDEX, true",
    "SEAL, false", "SEAL, true",
    "CHECKPOINT, false", "CHECKPOINT, true",
    "VERIFY, false", "VERIFY, true",
    "BACKUP, false", "BACKUP, true",
    "MERGE, false", "MERGE, true",
    "MOVE, false", "MOVE, true",
    "CLOSE, false", "CLOSE, true"
  })
  void everyFailingCallIsSurvived(Operation operation, boolean forever) throws IOException {
    int faults = 0;
    int stride = TestLength.ALL || !operation.slow() ? 1 : 4;
    for (int n = 1; n < MAX_CALLS; n += stride) {
      String note = "%s, call %d, forever %s".formatted(operation, n, forever);
      if (faults % 16 == 0) { // fresh from time to time, else what failed before gathers
        CrashCheck.delete(directory.resolve("db"));
        acknowledged.clear();
        prepare();
      }
      if (!failsAt(operation, n, forever, note)) {
        assertThat(faults).as("calls that failed in %s", operation).isEqualTo((n - 1) / stride);
        return;
      }
      faults++;
      requireWholeBackup(note);
      requireAllThere(note);
    }
    fail("%s calls the file system more than %d times", operation, MAX_CALLS);
  }

  private Path path() {
    return directory.resolve("db");
  }

  private List<Row> batch(int count) {
    var random = new java.util.Random(++generation);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Row row =
          Row.of(
              i,
              TestVectors.random(random, DIMENSION),
              Metadata.of("generation", generation, "new", i));
      rows.add(row);
    }
    return rows;
  }

  private void acknowledge(List<Row> rows) {
    rows.forEach(row -> acknowledged.put(row.longId(), row));
  }

  /** Sealed rows, fresh rows with a checkpoint, dead rows in both. */
  private void prepare() {
    try (Database db = Firn.open(path(), OPTIONS)) {
      Collection rows = db.collection("rows", SPEC);
      List<Row> first = batch(40);
      rows.upsertAll(first);
      rows.optimize();
      acknowledge(first);
      List<Row> second = batch(20);
      rows.upsertAll(second);
      acknowledge(second);
    }
  }

  /** False if the operation made fewer calls than {@code n}. */
  private boolean failsAt(Operation operation, int n, boolean forever, String note) {
    var io = new FaultyIo(Io.system());
    if (operation == Operation.OPEN) {
      io.failAt(n, forever);
    }
    Database db;
    try {
      db = new Database(Opening.open(path(), OPTIONS, io));
    } catch (FirnException e) {
      requireNamed(e, note);
      return true;
    }
    try {
      if (operation.rowsBefore() > 0) {
        db.pauseMerges();
        List<Row> many = batch(operation.rowsBefore());
        db.collection("rows").upsertAll(many);
        acknowledge(many);
      }
      if (operation == Operation.MERGE) {
        db.flush();
      }
      if (operation == Operation.DROP_INDEX) {
        db.collection("rows").index("generation");
      }
      if (operation == Operation.INDEX) {
        db.collection("rows").dropIndex("new");
      }
      if (operation != Operation.OPEN) {
        io.failAt(n, forever);
      }
      attempt(db, operation, note);
      boolean failed = io.calls() >= n;
      if (operation != Operation.CLOSE) {
        requireReadable(db, note);
        io.heal();
        requireHonest(db, note);
      }
      return failed;
    } finally {
      io.heal();
      db.close();
    }
  }

  private void attempt(Database db, Operation operation, String note) {
    List<Row> rows = batch(7);
    whenBackedUp = new TreeMap<>(acknowledged);
    try {
      operation.run(db, rows, directory);
      if (operation == Operation.UPSERT
          || operation == Operation.TRANSACTION
          || operation == Operation.BULK) {
        acknowledge(rows);
      }
      if (operation == Operation.DELETE) {
        acknowledged.remove(0L);
      }
    } catch (FirnException e) {
      requireNamed(e, note);
      unsure = operation == Operation.DELETE ? List.of() : rows;
    }
  }

  /** Rows of a call that failed: on the disk wholly or not at all. Null if none failed. */
  private @Nullable List<Row> unsure;

  private static void requireNamed(FirnException e, String note) {
    assertThat(e).as(note).isInstanceOf(FirnException.Storage.class);
    assertThat(String.valueOf(e.getMessage())).as(note).contains("must");
  }

  private void requireReadable(Database db, String note) {
    List<Row> found = SoundDatabase.rows(db.collection("rows"), note);
    assertThat(byId(found)).as(note + ", while it fails").isEqualTo(acknowledged);
  }

  /** What says that it can be written to can be; what says that it cannot refuses. */
  private void requireHonest(Database db, String note) {
    List<Row> rows = batch(3);
    boolean writable = db.stats().writable();
    try {
      db.collection("rows").upsertAll(rows);
      acknowledge(rows);
      assertThat(writable).as(note + ": accepts a write").isTrue();
    } catch (FirnException.Storage e) {
      assertThat(writable).as(note + ": " + e.getMessage()).isFalse();
      assertThat(e).as(note).hasMessageContaining("reopen");
    }
    requireReadable(db, note);
  }

  /** A backup is there as a whole or not at all, and its remains do not gather. */
  private void requireWholeBackup(String note) throws IOException {
    Path backup = directory.resolve("backup");
    if (java.nio.file.Files.exists(backup)) {
      try (Database db = Firn.open(backup, OPTIONS)) {
        assertThat(byId(SoundDatabase.rows(db.collection("rows"), note)))
            .as(note + ", the backup") // whole: the call that failed was one it can do without
            .isEqualTo(whenBackedUp);
        SoundDatabase.requireVerified(db, note);
      }
      CrashCheck.delete(backup);
    }
  }

  /** Opens with a healthy disk. */
  private void requireAllThere(String note) {
    try (Database db = Firn.open(path(), OPTIONS)) {
      Map<Long, Row> found = byId(SoundDatabase.rows(db.collection("rows"), note));
      settle(found);
      assertThat(found).as(note + ", reopened").isEqualTo(acknowledged);
      SoundDatabase.requireVerified(db, note);
      db.collection("rows").optimize();
      SoundDatabase.requireVerified(db, note);
      List<Row> more = batch(2);
      db.collection("rows").upsertAll(more);
      acknowledge(more);
    }
  }

  /** A failed write may have reached the disk, but as a whole. */
  private void settle(Map<Long, Row> found) {
    List<Row> rows = unsure;
    unsure = null;
    if (rows == null) {
      return;
    }
    if (rows.isEmpty() && !found.containsKey(0L)) {
      acknowledged.remove(0L);
    }
    if (!rows.isEmpty() && rows.getFirst().equals(found.get(rows.getFirst().longId()))) {
      acknowledge(rows);
    }
  }

  private static Map<Long, Row> byId(List<Row> rows) {
    Map<Long, Row> byId = new TreeMap<>();
    rows.forEach(row -> byId.put(row.longId(), row));
    return byId;
  }
}
