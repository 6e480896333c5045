package io.firn.recovery;

import io.firn.CollectionSpec;
import io.firn.FirnException;
import io.firn.Options;
import io.firn.SalvageReport;
import io.firn.search.CollectionView;
import io.firn.search.Snapshot;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import io.firn.store.LmdbRemains;
import io.firn.write.CollectionState;
import io.firn.write.Engine;
import io.firn.write.Expiry;
import io.firn.write.Failures;
import io.firn.write.Operation;
import io.firn.write.RowRecord;
import io.firn.write.StoredIndex;
import io.firn.write.StoredSpec;
import io.firn.write.Table;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.collections.MutableLong;

/**
 * Writes what can be read of a damaged database into a new one. Every row whose record and vector
 * are proven by their checksums comes over; what else there was is named. The damaged database is
 * only read, without LMDB, which damage can crash.
 */
public final class Salvage {

  private static final int BATCH_ROWS = 1_000;

  /** A row whose vector no segment file holds: it may be among the fresh ones. */
  private record Key(int collection, int rowNumber) {}

  private final Engine target;
  private final Set<String> lost; // in the order of discovery, each once
  private final Map<Integer, CollectionState> collections = new HashMap<>();
  private final Map<Key, byte[]> waiting = new HashMap<>();
  private final Map<Key, Instant> expiring = new HashMap<>();
  private final Map<Integer, Long> homeless = new TreeMap<>();
  private final List<Operation> batch = new ArrayList<>();

  private Salvage(Engine target, Set<String> lost) {
    this.target = target;
    this.lost = lost;
  }

  /**
   * Salvages a database.
   *
   * @param damaged nobody may have it open
   * @param path of the new database, absent or an empty directory
   */
  public static SalvageReport run(Path damaged, Path path) {
    return run(damaged, path, Io.system());
  }

  /** As {@link #run(Path, Path)}, with all file access through {@code io}. */
  public static SalvageReport run(Path damaged, Path path, Io io) {
    Set<String> lost = new LinkedHashSet<>();
    var rows = new MutableLong();
    try {
      requireEmpty(path, io);
      DatabaseDirectory directory = DatabaseDirectory.openDamaged(damaged, io, lost::add);
      try (LmdbRemains remains = LmdbRemains.open(directory, lost::add)) {
        DatabaseDirectory.create(
            path, io, unnamed -> rows.set(salvage(directory, remains, unnamed, lost)));
      }
    } catch (IOException e) {
      throw Failures.of(e);
    }
    return new SalvageReport(rows.get(), List.copyOf(lost));
  }

  /** Returns how many rows came over. */
  private static long salvage(
      DatabaseDirectory directory, LmdbRemains remains, DatabaseDirectory into, Set<String> lost)
      throws IOException {
    try (Engine target = Opening.open(into, Options.DEFAULT, System.nanoTime())) {
      new Salvage(target, lost).readAll(directory, remains);
      target.flush();
      return rows(target);
    }
  }

  private static long rows(Engine target) {
    long rows = 0;
    try (Snapshot snapshot = target.snapshots().pin()) {
      for (CollectionState collection : target.collections().all()) {
        CollectionView view = snapshot.collection(collection.number());
        rows += view == null ? 0 : view.liveRows();
      }
    }
    return rows;
  }

  private static void requireEmpty(Path path, Io io) throws IOException {
    if (io.exists(path) && !io.list(path).isEmpty()) {
      throw new FirnException.InvalidInput(
          "%s must be absent or an empty directory: a salvage replaces nothing. Name another."
              .formatted(path));
    }
  }

  private void readAll(DatabaseDirectory directory, LmdbRemains remains) throws IOException {
    Map<Integer, CollectionSpec> specs = readCatalog(remains);
    readExpiry(remains);
    var live = new LiveNumbers(remains, lost::add);
    try (Arena arena = Arena.ofShared()) {
      readRows(remains, live, new RemainingVectors(directory, remains, specs, arena, lost::add));
    }
    readFresh(remains);
    readIndexes(remains);
    nameTheRest();
  }

  private void readExpiry(LmdbRemains remains) throws IOException {
    remains.read(
        Table.EXPIRY.storedName(),
        (key, _) -> {
          Expiry expiry = Expiry.of(key);
          expiring.put(new Key(expiry.collection(), expiry.rowNumber()), expiry.time());
        },
        lost::add);
  }

  /** Declares the indexes again, which builds them. */
  private void readIndexes(LmdbRemains remains) throws IOException {
    remains.read(
        Table.INDEXES.storedName(),
        (key, value) -> {
          CollectionState collection = collections.get(ByteBuffer.wrap(key).getInt());
          StoredIndex index = StoredIndex.decode(value);
          if (collection != null && !index.dropped()) {
            target.index(collection, index.fields());
          }
        },
        lost::add);
  }

  private Map<Integer, CollectionSpec> readCatalog(LmdbRemains remains) throws IOException {
    Map<Integer, CollectionSpec> specs = new HashMap<>();
    remains.read(
        Table.CATALOG.storedName(),
        (key, value) -> {
          StoredSpec stored = StoredSpec.decode(value);
          String name = new String(key, StandardCharsets.US_ASCII);
          collections.put(stored.number(), target.create(name, stored.spec()));
          specs.put(stored.number(), stored.spec());
        },
        lost::add);
    return specs;
  }

  private void readRows(LmdbRemains remains, LiveNumbers live, RemainingVectors vectors)
      throws IOException {
    remains.read(
        Table.ROWS.storedName(),
        (key, record) -> {
          ByteBuffer in = ByteBuffer.wrap(key);
          var row = new Key(in.getInt(), in.getInt());
          if (live.contains(row.collection(), row.rowNumber())) {
            readRow(row, record, vectors);
          }
        },
        lost::add);
    write();
  }

  private void readRow(Key row, byte[] record, RemainingVectors vectors) {
    if (!collections.containsKey(row.collection())) {
      homeless.merge(row.collection(), 1L, Long::sum);
      return;
    }
    try {
      byte[] vector = vectors.find(row.collection(), row.rowNumber());
      if (vector == null) {
        waiting.put(row, record);
      } else {
        put(row, record, vector);
      }
    } catch (FirnException.Corrupt e) {
      lost.add("%s: its vector: %s".formatted(name(row, record), e.getMessage()));
    }
  }

  private void readFresh(LmdbRemains remains) throws IOException {
    remains.read(
        Table.FRESH.storedName(),
        (key, vector) -> {
          ByteBuffer in = ByteBuffer.wrap(key);
          var row = new Key(in.getInt(), in.getInt());
          byte[] record = waiting.remove(row);
          if (record != null) {
            put(row, record, vector);
          }
        },
        lost::add);
    write();
  }

  private void put(Key row, byte[] record, byte[] vector) {
    CollectionState collection = state(row);
    Instant expiresAt = expiring.get(row);
    batch.add(new Operation.Upsert(collection, RowRecord.id(record), vector, record, expiresAt));
    if (batch.size() == BATCH_ROWS) {
      write();
    }
  }

  private void write() {
    target.write(List.copyOf(batch));
    batch.clear();
  }

  private CollectionState state(Key row) {
    CollectionState collection = collections.get(row.collection());
    if (collection == null) {
      throw new IllegalStateException("a row of a collection without a name was kept");
    }
    return collection;
  }

  private String name(Key row, byte[] record) {
    return "row \"%s\" of \"%s\"".formatted(RowRecord.id(record), state(row).name());
  }

  private void nameTheRest() {
    waiting.forEach((row, record) ->
        lost.add(name(row, record) + ": its vector is in no file that can be read"));
    homeless.forEach((collection, count) ->
        lost.add(
            "%d rows of collection number %d: its name and spec are lost"
                .formatted(count, collection)));
  }
}
