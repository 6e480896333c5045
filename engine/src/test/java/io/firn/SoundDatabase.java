package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What holds for every healthy database whatever was written: its parts tell the same story. */
final class SoundDatabase {

  private static final int QUERIES = 5;
  private static final int K = 10;

  private SoundDatabase() {}

  /** Checks counts, lookups, searches and checksums of a collection; returns its rows. */
  static List<Row> rows(Collection collection, String note) {
    List<Row> rows = new ArrayList<>();
    try (Stream<Row> scan = collection.scan()) {
      scan.forEach(rows::add);
    }
    assertThat(collection.count()).as(note).isEqualTo(rows.size());
    assertThat(collection.stats().rows()).as(note).isEqualTo(rows.size());
    assertThat(rows.stream().map(Row::id).distinct().count()).as(note).isEqualTo(rows.size());
    for (int i = 0; i < rows.size(); i += 7) {
      Row row = rows.get(i);
      assertThat(row.hasLongId() ? collection.get(row.longId()) : collection.get(row.id()))
          .as(note)
          .contains(row);
    }
    requireIndexes(collection, rows, note);
    requireSearch(collection, rows, note);
    return rows;
  }

  /** What metadata indexes say is what the rows say. */
  private static void requireIndexes(Collection collection, List<Row> rows, String note) {
    for (String name : collection.indexes().stream().map(List::getLast).toList()) {
      for (int i = 0; i < rows.size(); i += 1 + rows.size() / QUERIES) {
        Object value = rows.get(i).metadata().get(name);
        Filter filter = value == null ? field(name).exists() : field(name).atMost(value);
        long expected = rows.stream().filter(row -> filter.matches(row.metadata())).count();
        assertThat(collection.count(filter)).as("%s, %s", note, filter).isEqualTo(expected);
      }
    }
  }

  /** Checks everything that {@link Database#verify} can check. */
  static void requireVerified(Database db, String note) {
    assertThat(db.verify().problems()).as(note).isEmpty();
    requireOneSnapshot(db, note);
  }

  /**
   * Nobody keeps an old snapshot; threads in the background hold one for a moment, again and again.
   */
  static void requireOneSnapshot(Database db, String note) {
    int open = db.stats().openSnapshots();
    for (int i = 0; i < 6_000 && open > 1; i++) {
      LockSupport.parkNanos(10_000_000);
      open = db.stats().openSnapshots();
    }
    assertThat(open).as(note).isEqualTo(1);
  }

  private static void requireSearch(Collection collection, List<Row> rows, String note) {
    var random = new Random(rows.size());
    for (int i = 0; i < QUERIES; i++) {
      float[] query = TestVectors.random(random, collection.spec().dimension());
      List<String> expected = nearest(collection.spec().metric(), rows, query);
      assertThat(ids(collection.search(query).k(K).exact().run())).as(note).isEqualTo(expected);
      if (rows.size() > K + 1) { // by the graphs, with so many candidates that none is left out
        List<Hit> hits = collection.search(query).k(K).ef(rows.size() - 1).run();
        assertThat(ids(hits)).as("%s, through the graph", note).isEqualTo(expected);
      }
    }
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  private static List<String> nearest(Metric metric, List<Row> rows, float[] query) {
    return rows.stream()
        .sorted(Comparator.comparingDouble(row -> distance(metric, query, row.vector())))
        .limit(K)
        .map(Row::id)
        .toList();
  }

  private static double distance(Metric metric, float[] a, float[] b) {
    double product = 0;
    double apart = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      length += (double) b[i] * b[i];
      apart += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return switch (metric) {
      case COSINE -> -product / Math.sqrt(length);
      case DOT -> -product;
      case EUCLIDEAN -> apart;
    };
  }
}
