package io.firn;

import io.firn.crash.CarelessIo;
import io.firn.recovery.Opening;
import io.firn.store.Io;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What processes write that are to be killed. Every operation follows from seed, launch, thread and
 * index alone, so that the survivor can work out what must be there. Threads share no ids.
 */
record Workload(long seed, Durability durability) {

  static final int THREADS = 4;
  static final int DIMENSION = 4;

  private static final int IDS_PER_THREAD = 400;
  private static final int BATCH_ROWS = 150;
  private static final int BACKUPS = 2;
  private static final long PAUSE_NANOS = 2_000_000;

  /** How an operation is called. */
  enum Kind {
    ONE,
    BATCH,
    TRANSACTION,
    FLUSH,
    OPTIMIZE,
    BACKUP
  }

  /** One row put or, without a row, deleted. */
  record Change(boolean first, long id, @Nullable Row row) {

    /** Its place in a model that holds both collections. */
    String key() {
      return Workload.key(first, id % 2 == 0 ? "" + id : "s" + id);
    }
  }

  /**
   * One call, whole or not at all.
   *
   * @param coin an arbitrary choice of the call
   */
  record Step(Kind kind, boolean coin, List<Change> changes) {

    void applyTo(Map<String, Row> model) {
      for (Change change : changes) {
        if (change.row() == null) {
          model.remove(change.key());
        } else {
          model.put(change.key(), change.row());
        }
      }
    }
  }

  static String key(boolean first, String id) {
    return (first ? "a/" : "b/") + id;
  }

  /** The thread that writes a row. */
  static int thread(Row row) {
    return Math.toIntExact(Objects.requireNonNull(row.metadata().getLong("thread")));
  }

  Database open(Path path) {
    return open(path, Io.system());
  }

  private Database open(Path path, Io io) {
    Options options = Options.DEFAULT.withSealRows(1_000).withDurability(durability);
    return new Database(Opening.open(path, options, io));
  }

  static Collection collection(Database db, boolean first) {
    return first
        ? db.collection("a", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16))
        : db.collection("b", CollectionSpec.of(DIMENSION, Metric.COSINE).withIndex(4, 16));
  }

  Step step(int launch, int thread, int index) {
    long mixed = seed * 31 + launch;
    mixed = (mixed * 31 + thread) * 1_000_003 + index;
    var random = new Random(mixed * 0x9E3779B97F4A7C15L);
    Kind kind = kind(random.nextInt(100));
    int changes =
        switch (kind) {
          case ONE -> 1;
          case BATCH -> 1 + random.nextInt(BATCH_ROWS);
          case TRANSACTION -> 2 + random.nextInt(10);
          case FLUSH, OPTIMIZE, BACKUP -> 0;
        };
    boolean first = random.nextBoolean();
    List<Change> all = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      boolean mayDelete = kind != Kind.BATCH && random.nextInt(4) == 0;
      boolean to = kind == Kind.TRANSACTION ? i % 2 == 0 : first;
      all.add(change(random, to, mayDelete, launch, thread, index));
    }
    return new Step(kind, first, all);
  }

  private static Kind kind(int percent) {
    if (percent < 2) {
      return Kind.OPTIMIZE;
    }
    if (percent < 6) {
      return Kind.FLUSH;
    }
    if (percent < 8) {
      return Kind.BACKUP;
    }
    return percent < 40 ? Kind.BATCH : percent < 70 ? Kind.TRANSACTION : Kind.ONE;
  }

  private static Change change(
      Random random, boolean first, boolean delete, int launch, int thread, int index) {
    long id = (long) thread * IDS_PER_THREAD + random.nextInt(IDS_PER_THREAD);
    float[] vector = TestVectors.random(random, DIMENSION);
    Metadata metadata = Metadata.of("thread", thread, "launch", launch, "index", index);
    Row row = id % 2 == 0 ? Row.of(id, vector, metadata) : Row.of("s" + id, vector, metadata);
    return new Change(first, id, delete ? null : row);
  }

  /** Where the database at a path has its backups. */
  static Path backups(Path path) {
    return path.resolveSibling("backups");
  }

  private static void perform(Database db, Path path, Step step) {
    switch (step.kind()) {
      case BACKUP -> db.backupInto(backups(path), BACKUPS, step.coin());
      case FLUSH -> {
        db.flush();
        db.awaitMerges(); // so that there are some in the short life of a process
      }
      case OPTIMIZE -> collection(db, true).optimize();
      case BATCH ->
          collection(db, step.changes().getFirst().first())
              .upsertAll(step.changes().stream().map(Change::row).toList());
      case ONE -> {
        Change change = step.changes().getFirst();
        Collection collection = collection(db, change.first());
        if (change.row() != null) {
          collection.upsert(change.row());
        } else if (change.id() % 2 == 0) {
          collection.delete(change.id());
        } else {
          collection.delete("s" + change.id());
        }
      }
      case TRANSACTION -> db.write(tx -> step.changes().forEach(change -> add(tx, db, change)));
    }
  }

  private static void add(Transaction tx, Database db, Change change) {
    Collection collection = collection(db, change.first());
    if (change.row() != null) {
      tx.upsert(collection, change.row());
    } else if (change.id() % 2 == 0) {
      tx.delete(collection, change.id());
    } else {
      tx.delete(collection, "s" + change.id());
    }
  }

  /** An argument of {@link Main}: segment files are never forced. */
  static final String CARELESS = "careless";

  /** Begins a line that says how many merges there were since the opening. */
  static final String MERGES = "merges ";

  /** The process that is killed: says what was acknowledged, when it began and when it ended. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[0]);
      int launch = Integer.parseInt(arguments[2]);
      long intervalMillis = Long.parseLong(arguments[3]);
      var workload =
          new Workload(
              Long.parseLong(arguments[1]),
              intervalMillis == 0
                  ? Durability.FULL
                  : Durability.interval(Duration.ofMillis(intervalMillis)));
      System.out.println("opening");
      boolean careless = arguments.length > 4 && arguments[4].equals(CARELESS);
      Database db = workload.open(path, careless ? new CarelessIo() : Io.system());
      System.out.println("open");
      IntStream.range(0, THREADS)
          .forEach(
              thread -> Thread.ofPlatform().start(() -> workload.run(db, path, launch, thread)));
    }
  }

  private void run(Database db, Path path, int launch, int thread) {
    if (thread == 0) {
      collection(db, true).index("index"); // while the others write
    }
    for (int index = 0; ; index++) {
      Step step = step(launch, thread, index);
      long from = System.nanoTime();
      perform(db, path, step);
      System.out.println(thread + " " + index + " " + from + " " + System.nanoTime());
      if (step.kind() == Kind.FLUSH) {
        System.out.println(MERGES + db.engine().merges());
      }
      if (!durability.isFull()) { // nothing else slows it down, and the parent tries all outcomes
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
