package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that come and go for long: no ghosts, always k results, and the recall of a fresh build. */
class ChurnTest {

  private static final long SEED = 30;
  private static final int ROUNDS = 30;
  private static final int LIVE = 4_000;
  private static final int CHURN = LIVE * 3 / 10;
  private static final int DIMENSION = 32;
  private static final int EF = 16; // small, so that there is something to lose
  private static final CollectionSpec SPEC = CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN);

  private final Random random = new Random(SEED);
  private final List<Row> pool = TestVectors.clustered(random, LIVE + ROUNDS * CHURN, DIMENSION);
  private final Map<Long, Row> live = new TreeMap<>();
  private final List<Long> freeIds = new ArrayList<>();
  private int taken;

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  @Test
  void thirtyRoundsOfThirtyPercentCostNoRecall() {
    try (Database db = open("churned");
        Database fresh = open("fresh")) {
      Collection rows = db.collection("rows", SPEC);
      insert(rows, LIVE);
      for (int round = 1; round <= ROUNDS; round++) {
        delete(db, rows);
        insert(rows, CHURN);
        if (round % 7 == 0) {
          rows.optimize();
        }
        requireNoGhost(rows, round);
      }
      db.flush();
      Collection built = fresh.collection("rows", SPEC);
      built.upsertAll(List.copyOf(live.values()));
      built.optimize();
      assertThat(recall(rows)).as("seed %d", SEED).isGreaterThan(0.98 * recall(built));
      assertThat(db.verify().problems()).isEmpty();
    }
  }

  private Database open(String name) {
    return Firn.open(directory.resolve(name), Options.DEFAULT.withSealRows(1_500));
  }

  private void delete(Database db, Collection rows) {
    var ids = new ArrayList<>(live.keySet());
    Collections.shuffle(ids, random);
    List<Long> going = ids.subList(0, CHURN);
    db.write(tx -> going.forEach(id -> tx.delete(rows, id)));
    live.keySet().removeAll(going);
    freeIds.addAll(going);
  }

  /** Every other row takes the id of a dead one. */
  private void insert(Collection rows, int count) {
    var added = new ArrayList<Row>();
    for (int i = 0; i < count; i++) {
      long id = i % 2 == 0 || freeIds.isEmpty() ? taken : freeIds.removeLast();
      added.add(Row.of(id, pool.get(taken++).vector()));
    }
    rows.upsertAll(added);
    added.forEach(row -> live.put(row.longId(), row));
  }

  private void requireNoGhost(Collection rows, int round) {
    for (int i = 0; i < 10; i++) {
      float[] query = query();
      List<Hit> hits = rows.search(query).ef(EF).run();
      assertThat(hits).as("round %d, seed %d", round, SEED).hasSize(10);
      for (Hit hit : hits) {
        Row row = live.get(hit.longId());
        assertThat(row).as("row %s in round %d, seed %d", hit.id(), round, SEED).isNotNull();
        assertThat((double) hit.distance())
            .isCloseTo(Oracle.distance(Metric.EUCLIDEAN, query, row.vector()), Offset.offset(1e-4));
      }
      assertThat(hits.stream().map(Hit::id)).doesNotHaveDuplicates();
    }
  }

  private float[] query() {
    float[] query = pool.get(random.nextInt(pool.size())).vector().clone();
    float[] noise = TestVectors.random(random, DIMENSION);
    for (int i = 0; i < DIMENSION; i++) {
      query[i] += 0.3f * noise[i];
    }
    return query;
  }

  private double recall(Collection rows) {
    List<Row> all = List.copyOf(live.values());
    double sum = 0;
    for (int i = 0; i < 200; i++) {
      float[] query = query();
      sum += Oracle.recall(Metric.EUCLIDEAN, query, all, rows.search(query).ef(EF).run());
    }
    return sum / 200;
  }
}
