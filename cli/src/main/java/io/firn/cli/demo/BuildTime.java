package io.firn.cli.demo;

import io.firn.Collection;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Metadata;
import io.firn.Metric;
import io.firn.Row;
import io.firn.Transaction;
import java.util.Map;
import java.util.Objects;

/**
 * How far the demo's library is built and what it took, over all runs that worked on it. It is a
 * row of a second collection, written in the transactions that write the library's rows, so that
 * neither is ever ahead of the other.
 *
 * @param stored definitions stored
 * @param linked whether the graph stands
 */
record BuildTime(
    long stored, boolean linked, double embedSeconds, double storeSeconds, double linkSeconds) {

  private static final String COLLECTION = "progress";
  private static final String ID = "build";

  static final BuildTime NOTHING = new BuildTime(0, false, 0, 0, 0);

  static BuildTime read(Database database) {
    return collection(database).get(ID).map(BuildTime::of).orElse(NOTHING);
  }

  private static BuildTime of(Row row) {
    Metadata fields = row.metadata();
    return new BuildTime(
        Objects.requireNonNull(fields.getLong("stored")),
        Objects.requireNonNull(fields.getBoolean("linked")),
        Objects.requireNonNull(fields.getDouble("embedSeconds")),
        Objects.requireNonNull(fields.getDouble("storeSeconds")),
        Objects.requireNonNull(fields.getDouble("linkSeconds")));
  }

  void write(Database database, Transaction transaction) {
    var fields =
        Map.of(
            "stored", stored,
            "linked", linked,
            "embedSeconds", embedSeconds,
            "storeSeconds", storeSeconds,
            "linkSeconds", linkSeconds);
    transaction.upsert(collection(database), ID, new float[] {0}, Metadata.of(fields));
  }

  /** More rows are in. The time of the commit that says so counts in the next. */
  BuildTime plus(long rows, double embedding, double storing) {
    return new BuildTime(
        stored + rows, false, embedSeconds + embedding, storeSeconds + storing, linkSeconds);
  }

  BuildTime withLinks(double seconds) {
    return new BuildTime(stored, true, embedSeconds, storeSeconds, linkSeconds + seconds);
  }

  String inWords() {
    return "%.1f s: embedding %.1f s (%,.0f/s), storing %.1f s, linking %.1f s"
        .formatted(totalSeconds(), embedSeconds, stored / embedSeconds, storeSeconds, linkSeconds);
  }

  double totalSeconds() {
    return embedSeconds + storeSeconds + linkSeconds;
  }

  private static Collection collection(Database database) {
    return database.collection(COLLECTION, CollectionSpec.of(1, Metric.EUCLIDEAN));
  }
}
