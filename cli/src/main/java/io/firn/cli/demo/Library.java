package io.firn.cli.demo;

import io.firn.Collection;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Metric;
import io.firn.cli.console.Console;
import io.firn.cli.console.ProgressLine;
import io.firn.cli.text.TextEmbedder;
import java.util.List;

/** The collection that the demo searches; built in batches, and taken up again after a stop. */
final class Library {

  private static final String COLLECTION = "wordnet";
  private static final int BATCH_ROWS = 500;

  private final Database database;
  private final TextEmbedder embedder;
  private final Collection rows;

  Library(Database database, TextEmbedder embedder) {
    this.database = database;
    this.embedder = embedder;
    this.rows =
        database.collection(COLLECTION, CollectionSpec.of(embedder.dimension(), Metric.COSINE));
  }

  Collection rows() {
    return rows;
  }

  TextEmbedder embedder() {
    return embedder;
  }

  Database database() {
    return database;
  }

  /** Embeds, stores and links what is missing. */
  BuildTime build(List<Definition> definitions, Console console) {
    BuildTime built = BuildTime.read(database);
    if (built.stored() < definitions.size()) {
      built = store(definitions, built, console);
    }
    return built.linked() ? built : link(built, console);
  }

  private BuildTime store(List<Definition> definitions, BuildTime from, Console console) {
    BuildTime built = from;
    int size = definitions.size();
    try (ProgressLine progress = console.progress("embedding", "definitions", size)) {
      progress.at(built.stored());
      double storing = 0;
      while (built.stored() < size) {
        int start = (int) built.stored();
        List<Definition> batch = definitions.subList(start, Math.min(size, start + BATCH_ROWS));
        long before = System.nanoTime();
        List<float[]> vectors = embedder.embedAll(batch.stream().map(Definition::text).toList());
        long embedded = System.nanoTime();
        built = built.plus(batch.size(), (embedded - before) / 1e9, storing);
        commit(batch, vectors, built);
        storing = (System.nanoTime() - embedded) / 1e9;
        progress.at(built.stored());
      }
      return built.plus(0, 0, storing);
    }
  }

  private void commit(List<Definition> batch, List<float[]> vectors, BuildTime built) {
    database.write(transaction -> {
      for (int i = 0; i < batch.size(); i++) {
        transaction.upsert(rows, batch.get(i).row(vectors.get(i)));
      }
      built.write(database, transaction);
    });
  }

  private BuildTime link(BuildTime built, Console console) {
    long before = System.nanoTime();
    try (ProgressLine progress = console.progress("linking", "rows", rows.count())) {
      rows.optimize((done, total) -> progress.at(done));
    }
    BuildTime linked = built.withLinks((System.nanoTime() - before) / 1e9);
    database.write(transaction -> linked.write(database, transaction));
    return linked;
  }
}
