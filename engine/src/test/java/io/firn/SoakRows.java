package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;

/**
 * Rows that many threads write and read at once. What a version of a row holds, or whether it is a
 * deletion, follows from its id and number, so whoever sees one can tell if it is right; it may be
 * any from the latest that was acknowledged before looking to the latest begun after.
 */
final class SoakRows {

  static final String NAME = "rows";
  static final String PARITY = "parity";
  private static final String VERSION = "version";
  private static final int DIMENSION = 16;
  static final CollectionSpec SPEC = CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN);
  private static final int IDS = 4_000;

  private final AtomicLongArray begun = new AtomicLongArray(IDS);
  private final AtomicLongArray acknowledged = new AtomicLongArray(IDS);
  private final AtomicLong lookedFor = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final int writers;

  SoakRows(int writers) {
    this.writers = writers;
  }

  private static long seed(long id, long version) {
    return id * 1_000_003 + version;
  }

  /** Three of four versions are rows, the others deletions. */
  private static boolean isRow(long id, long version) {
    return version > 0 && new Random(seed(id, version)).nextInt(4) > 0;
  }

  private static float[] vector(long id, long version) {
    return TestVectors.random(new Random(~seed(id, version)), DIMENSION);
  }

  private static Row row(long id, long version) {
    Metadata metadata = Metadata.of(VERSION, version, PARITY, version % 2);
    return Row.of(id, vector(id, version), metadata);
  }

  private static long version(Metadata metadata) {
    return Objects.requireNonNull(metadata.getLong(VERSION));
  }

  long lookedFor() {
    return lookedFor.get();
  }

  /** Rows that the search for their own vector did not find: an index misses some. */
  long missed() {
    return missed.get();
  }

  private long[] acknowledgedNow() {
    long[] now = new long[IDS];
    for (int id = 0; id < IDS; id++) {
      now[id] = acknowledged.get(id);
    }
    return now;
  }

  /** True if every version from one on that may be seen now is as asked. */
  private boolean surely(int id, long from, LongPredicate wanted) {
    for (long version = from; version <= begun.get(id); version++) {
      if (!isRow(id, version) || !wanted.test(version)) {
        return false;
      }
    }
    return true;
  }

  private void requireSeen(long id, long from, long version) {
    assertThat(version).as("version of row %d", id).isBetween(from, begun.get((int) id));
    assertThat(isRow(id, version)).as("version %d of row %d is a row", version, id).isTrue();
  }

  private void requireAbsent(int id, long from) {
    assertThat(surely(id, from, _ -> true)).as("row %d is missing, from %d on", id, from).isFalse();
  }

  private void requireRow(int id, long from, Collection rows) {
    rows.get(id)
        .ifPresentOrElse(
            row -> {
              long version = version(row.metadata());
              requireSeen(id, from, version);
              assertThat(row).isEqualTo(row(id, version));
            },
            () -> requireAbsent(id, from));
  }

  /** For when nothing is written any more. */
  void requireAll(Collection rows) {
    for (int id = 0; id < IDS; id++) {
      requireRow(id, acknowledged.get(id), rows);
    }
  }

  Writer writer(int index, Random random) {
    return new Writer(index, random);
  }

  Reader reader(Random random) {
    return new Reader(random);
  }

  /** Writes rows of its own. */
  final class Writer {

    private final int index;
    private final Random random;
    private final Set<Integer> unsure = new TreeSet<>(); // the database was closed under them

    private Writer(int index, Random random) {
      this.index = index;
      this.random = random;
    }

    /** Writes some, and looks whether they are there; how many. */
    int write(Database db) {
      Collection rows = db.collection(NAME);
      settle(rows);
      int count = random.nextInt(40) == 0 ? 400 : 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        unsure.add(random.nextInt(IDS / writers) * writers + index);
      }
      unsure.forEach(begun::incrementAndGet);
      db.write(tx -> {
        for (int id : unsure) {
          long version = begun.get(id);
          if (isRow(id, version)) {
            tx.upsert(rows, row(id, version));
          } else {
            tx.delete(rows, id);
          }
        }
      });
      unsure.forEach(id -> acknowledged.set(id, begun.get(id)));
      int written = unsure.size();
      int last = unsure.iterator().next();
      unsure.clear();
      requireRow(last, begun.get(last), rows);
      findAgain(last, rows);
      return written;
    }

    /** Nobody was told whether these were written; now they are, or not. */
    private void settle(Collection rows) {
      for (int id : List.copyOf(unsure)) {
        requireRow(id, acknowledged.get(id), rows);
        rows.get(id).ifPresent(row -> acknowledged.set(id, version(row.metadata())));
        unsure.remove(id);
      }
    }

    private void findAgain(int id, Collection rows) {
      long version = acknowledged.get(id);
      if (isRow(id, version)) {
        List<Hit> hits = rows.search(vector(id, version)).k(1).run();
        lookedFor.incrementAndGet();
        boolean found = !hits.isEmpty() && hits.getFirst().longId() == id;
        missed.addAndGet(found ? 0 : 1);
      }
    }
  }

  /** Reads in every way. */
  final class Reader {

    private final Random random;

    private Reader(Random random) {
      this.random = random;
    }

    /** Reads and checks once. */
    int read(Database db) {
      Collection rows = db.collection(NAME);
      int id = random.nextInt(IDS);
      int k = 1 + random.nextInt(20);
      float[] query = vector(id, random.nextInt(9));
      Search search = rows.search(query).k(k).withMetadata();
      long parity = random.nextInt(2);
      switch (random.nextInt(100)) {
        case 0 -> scan(rows);
        case 1, 2, 3 -> search(query, search.exact(), k, _ -> true);
        case 4, 5, 6, 7 -> requireRow(id, acknowledged.get(id), rows);
        case 8, 9, 10, 11, 12, 13, 14, 15, 16 ->
            search(
                query, search.where(field(PARITY).eq(parity)), k, version -> version % 2 == parity);
        default -> search(query, search.withVector(), k, _ -> true);
      }
      return 1;
    }

    private void search(float[] query, Search search, int k, LongPredicate wanted) {
      long[] before = acknowledgedNow();
      List<Hit> hits = search.run();
      Map<Long, Hit> byId = new HashMap<>();
      for (Hit hit : hits) {
        long version = version(hit.metadata());
        requireSeen(hit.longId(), before[(int) hit.longId()], version);
        assertThat(wanted.test(version)).as("version %d passes", version).isTrue();
        assertThat(byId.put(hit.longId(), hit)).as("hit of row %d before", hit.longId()).isNull();
      }
      requireDistances(query, hits);
      int there = 0;
      for (int id = 0; id < IDS && there < k; id++) {
        there += surely(id, before[id], wanted) ? 1 : 0;
      }
      assertThat(hits.size()).as("hits for k = %d", k).isBetween(there, k);
    }

    private void requireDistances(float[] query, List<Hit> hits) {
      float last = 0;
      for (Hit hit : hits) {
        float[] vector = vector(hit.longId(), version(hit.metadata()));
        double distance = Oracle.distance(SPEC.metric(), query, vector);
        assertThat((double) hit.distance()).isCloseTo(distance, Offset.offset(1e-3));
        assertThat(hit.distance()).isGreaterThanOrEqualTo(last);
        last = hit.distance();
      }
    }

    private void scan(Collection rows) {
      long[] before = acknowledgedNow();
      List<Integer> missing = new ArrayList<>();
      for (int id = 0; id < IDS; id++) {
        missing.add(id);
      }
      try (Stream<Row> scan = rows.scan()) {
        scan.forEach(row -> {
          long version = version(row.metadata());
          requireSeen(row.longId(), before[(int) row.longId()], version);
          assertThat(row).isEqualTo(row(row.longId(), version));
          missing.set((int) row.longId(), -1);
        });
      }
      missing.stream().filter(id -> id >= 0).forEach(id -> requireAbsent(id, before[id]));
    }
  }
}
