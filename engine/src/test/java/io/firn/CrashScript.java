package io.firn;

import io.firn.search.SealedSegment;
import io.firn.search.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sequence of operations by one caller, and what the database holds after each. */
final class CrashScript {

  private static final int DIMENSION = 6; // fewer, and near ties of distances hide behind rounding
  private static final CollectionSpec FIRST =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16);
  private static final CollectionSpec SECOND =
      CollectionSpec.of(DIMENSION, Metric.COSINE).withIndex(4, 16);

  /** What a database holds. */
  record State(Set<String> collections, Map<String, Row> rows) {

    State copy() {
      return new State(new TreeSet<>(collections), new HashMap<>(rows));
    }
  }

  /** An operation; {@code run} gets the open database and returns the one to go on with. */
  private record Step(String name, Function<Database, Database> run) {}

  private final List<Step> steps = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private final State now = new State(new TreeSet<>(), new HashMap<>());
  private final Random random;

  private CrashScript(long seed) {
    this.random = new Random(seed);
    states.add(now.copy());
  }

  int size() {
    return steps.size();
  }

  String name(int step) {
    return steps.get(step).name();
  }

  /** What is there after so many operations. */
  State after(int operations) {
    return states.get(operations);
  }

  /** What is there after each operation. */
  List<State> states() {
    return states;
  }

  Database run(int step, Database db) {
    return steps.get(step).run().apply(db);
  }

  /** What is there now. */
  static State found(Database db, String note) {
    var found = new State(new TreeSet<>(db.collections()), new HashMap<>());
    for (String name : db.collections()) {
      for (Row row : SoundDatabase.rows(db.collection(name), note)) {
        found.rows().put(key(name, row), row);
      }
    }
    return found;
  }

  private static String key(String collection, Row row) {
    return collection + "/" + row.id();
  }

  /** Every kind of operation on a handful of rows. */
  static CrashScript small(Path backup, Function<Database, Database> reopen) {
    var script = new CrashScript(1);
    script.create("a", FIRST);
    script.upsert("a", 1, 1);
    script.upsert("a", 10, 9);
    script.index("a");
    script.create("b", SECOND);
    script.transaction();
    script.add("optimize", db -> db.collection("a").optimize());
    script.upsert("a", 12, 4);
    script.delete("a", 13);
    script.add("flush", Database::flush);
    script.reopen(reopen);
    script.add("optimize", db -> db.collection("a").optimize());
    script.add("move", CrashScript::move);
    script.transaction();
    script.add("optimize b", db -> db.collection("b").optimize());
    script.bulk("a", 11, 7);
    script.upsert("a", 16, 3);
    script.bulk("b", 1, 2);
    script.add("backup", db -> db.backup(backup));
    script.deleteAll("b");
    script.add("optimize to nothing", db -> db.collection("b").optimize());
    script.upsert("b", 1, 3);
    script.reopen(reopen);
    script.upsert("a", 11, 3);
    return script;
  }

  /** Enough rows for checkpoints and for segments that are sealed in the background. */
  static CrashScript sealing(Function<Database, Database> reopen) {
    var script = new CrashScript(2);
    script.create("a", FIRST);
    script.create("b", SECOND);
    script.upsert("b", 1, 20);
    script.upsert("a", 1, 1_050);
    script.add("flush", Database::flush);
    script.index("a");
    script.upsert("a", 500, 1_100);
    script.delete("a", 600);
    script.transaction();
    script.add("flush", Database::flush);
    script.reopen(reopen);
    script.upsert("a", 3_000, 900);
    script.add("flush", Database::flush);
    script.bulk("a", 100, 2_800); // two segments
    script.upsert("a", 2_000, 5);
    script.add("optimize", db -> db.collection("a").optimize());
    script.upsert("a", 3_100, 10);
    return script;
  }

  /**
   * Three segments that are merged in the background, with writes in the middle of the merge.
   *
   * @param merge files of the database
   */
  static CrashScript merging(HaltedMerge merge, Function<Database, Database> reopen) {
    var script = new CrashScript(4);
    script.create("a", FIRST);
    script.create("b", SECOND);
    script.add("pause", Database::pauseMerges);
    for (int i = 0; i < 3; i++) {
      script.upsert("a", 1 + 1_000 * i, 1_000);
    }
    script.upsert("a", 3_001, 5);
    script.delete("a", 700);
    script.add("flush", Database::flush);
    script.add(BEFORE_MERGE, merge::halt);
    script.upsert("a", 900, 200); // replaces rows that the merge has taken already
    script.delete("a", 1_500);
    script.transaction();
    script.add("resume", Database::resumeMerges);
    script.upsert("a", 2_500, 40);
    script.delete("a", 2_700);
    script.add("await", Database::awaitMerges);
    script.transaction();
    script.reopen(reopen);
    script.upsert("a", 5_000, 3);
    return script;
  }

  /** Name of the operation that begins a merge. */
  static final String BEFORE_MERGE = "begin of a merge";

  /** Random operations. */
  static CrashScript random(long seed, int operations, Function<Database, Database> reopen) {
    var script = new CrashScript(seed);
    script.create("a", FIRST);
    script.create("b", SECOND);
    while (script.size() < operations) {
      String collection = script.random.nextBoolean() ? "a" : "b";
      switch (script.random.nextInt(13)) {
        case 0 -> script.add("optimize", db -> db.collection(collection).optimize());
        case 1 -> script.add("flush", Database::flush);
        case 2 -> script.reopen(reopen);
        case 3, 4 -> script.delete(collection, script.random.nextInt(1_500));
        case 5, 6 -> script.transaction();
        case 7 ->
            script.bulk(collection, script.random.nextInt(1_200), 1 + script.random.nextInt(300));
        case 8 -> script.index(collection);
        default ->
            script.upsert(collection, script.random.nextInt(1_200), 1 + script.random.nextInt(300));
      }
    }
    return script;
  }

  /** Brings all segments near and far: once in the middle, then to the end. */
  static void move(Database db) {
    db.pauseMoves();
    try (Snapshot snapshot = db.engine().snapshots().pin()) {
      for (SealedSegment segment : snapshot.sealedSegments()) {
        segment.makeCompact(() -> false);
        segment.makeCompact(() -> true);
        segment.readAll(() -> true);
      }
    }
  }

  private void add(String name, Consumer<Database> run) {
    steps.add(
        new Step(
            name,
            db -> {
              run.accept(db);
              return db;
            }));
    states.add(now.copy());
  }

  private void reopen(Function<Database, Database> reopen) {
    steps.add(new Step("reopen", reopen));
    states.add(now.copy());
  }

  private void create(String name, CollectionSpec spec) {
    now.collections().add(name);
    add("create " + name, db -> db.collection(name, spec));
  }

  private void index(String collection) {
    add("index", db -> db.collection(collection).index("n"));
  }

  private Row row(long id) {
    return Row.of(id, TestVectors.random(random, DIMENSION), Metadata.of("n", random.nextLong()));
  }

  private void upsert(String collection, long firstId, int count) {
    List<Row> rows = new ArrayList<>();
    for (long id = firstId; id < firstId + count; id++) {
      rows.add(row(id));
    }
    rows.forEach(row -> now.rows().put(key(collection, row), row));
    add("upsert " + count, db -> db.collection(collection).upsertAll(rows));
  }

  /** A bulk load in which each third row comes twice. */
  private void bulk(String collection, long firstId, int count) {
    List<Row> rows = new ArrayList<>();
    for (long id = firstId; id < firstId + count; id++) {
      rows.add(row(id));
      if (id % 3 == 0) {
        rows.add(row(id));
      }
    }
    rows.forEach(row -> now.rows().put(key(collection, row), row));
    add(
        "bulk " + count,
        db -> {
          try (BulkLoad load = db.collection(collection).bulk()) {
            rows.forEach(load::add);
            load.commit();
          }
        });
  }

  private void delete(String collection, long id) {
    now.rows().remove(collection + "/" + id);
    add("delete", db -> db.collection(collection).delete(id));
  }

  private void deleteAll(String collection) {
    List<Long> ids =
        now.rows().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(collection))
            .map(entry -> entry.getValue().longId())
            .toList();
    now.rows().keySet().removeIf(key -> key.startsWith(collection));
    add(
        "delete all",
        db -> db.write(tx -> ids.forEach(id -> tx.delete(db.collection(collection), id))));
  }

  /** Writes and deletes in both collections. */
  private void transaction() {
    record Change(String collection, long id, @Nullable Row row) {}
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      long id = random.nextInt(20);
      changes.add(new Change(i % 2 == 0 ? "a" : "b", id, i % 3 == 2 ? null : row(id)));
    }
    for (Change change : changes) {
      String key = change.collection() + "/" + change.id();
      if (change.row() == null) {
        now.rows().remove(key);
      } else {
        now.rows().put(key, change.row());
      }
    }
    add(
        "transaction",
        db ->
            db.write(tx -> {
              for (Change change : changes) {
                Collection collection = db.collection(change.collection());
                if (change.row() == null) {
                  tx.delete(collection, change.id());
                } else {
                  tx.upsert(collection, change.row());
                }
              }
            }));
  }

  /** Where a database is in the directory of a disk. */
  static Path database(Path disk) {
    return disk.resolve("db");
  }
}
