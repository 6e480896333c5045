package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random transactions against sorted maps, with a map that grows, across reopening. */
class LmdbModelTest {

  private static final List<String> TABLES = List.of("ids", "rows");

  @TempDir Path temp;

  private static final class Mistake extends IOException {}

  private final Map<String, NavigableMap<byte[], byte[]>> model = new HashMap<>();
  private Random random = new Random(0);

  static LongStream seeds() {
    int cycles = Integer.getInteger("firn.test.cycles", 10);
    return LongStream.rangeClosed(1, cycles >= 50 ? 2L * cycles : 3);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithSortedMaps(long seed) throws IOException {
    random = new Random(seed);
    for (String table : TABLES) {
      model.put(table, new TreeMap<>(Arrays::compareUnsigned));
    }
    for (int reopening = 0; reopening < 4; reopening++) {
      try (DatabaseDirectory directory =
              DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
          Lmdb lmdb = Lmdb.open(directory, TABLES, new Lmdb.Options(1 << 20, 4))) {
        for (int i = 0; i < 25; i++) {
          transaction(lmdb);
          compareRange(lmdb);
        }
        compareAll(lmdb);
        lmdb.verify();
      }
    }
  }

  private void transaction(Lmdb lmdb) throws IOException {
    boolean mistake = random.nextInt(5) == 0;
    long seed = random.nextLong();
    Map<String, NavigableMap<byte[], byte[]>> next = new HashMap<>();
    try {
      lmdb.write(txn -> { // runs again from the start when the map grows
        Random choices = new Random(seed);
        next.clear();
        model.forEach((table, rows) -> next.put(table, new TreeMap<>(rows)));
        for (int i = choices.nextInt(60); i > 0; i--) {
          String table = TABLES.get(choices.nextInt(TABLES.size()));
          change(txn, table, next.get(table), choices);
        }
        if (mistake) {
          throw new Mistake();
        }
      });
      model.putAll(next);
    } catch (Mistake e) {
      assertThat(mistake).isTrue();
    }
  }

  private static void change(
      WriteTxn txn, String table, @Nullable NavigableMap<byte[], byte[]> rows, Random choices)
      throws IOException {
    assertThat(rows).isNotNull();
    byte[] key = key(choices);
    int choice = choices.nextInt(20);
    if (choice < 14) {
      byte[] value = new byte[choice == 0 ? 20_000 : choices.nextInt(300)];
      choices.nextBytes(value);
      txn.put(table, key, value);
      rows.put(key, value);
    } else if (choice < 19) {
      assertThat(txn.delete(table, key)).isEqualTo(rows.remove(key) != null);
    } else {
      byte[] to = key(choices);
      NavigableMap<byte[], byte[]> range = range(rows, key, to);
      assertThat(txn.deleteRange(table, key, to)).isEqualTo(range.size());
      range.clear();
    }
    assertThat(txn.count(table)).isEqualTo(rows.size());
  }

  /** Half of the keys are long: few of them fill a page, so that trees are deep. */
  private static byte[] key(Random random) {
    byte[] key = new byte[1 + random.nextInt(2)];
    random.nextBytes(key);
    return key[0] % 2 == 0 ? key : Arrays.copyOf(key, 400);
  }

  private static NavigableMap<byte[], byte[]> range(
      NavigableMap<byte[], byte[]> rows, byte[] from, byte[] to) {
    return Arrays.compareUnsigned(from, to) < 0
        ? rows.subMap(from, true, to, false)
        : rows.subMap(from, true, from, false);
  }

  private void compareRange(Lmdb lmdb) throws IOException {
    byte[] from = key(random);
    byte[] to = key(random);
    for (String table : TABLES) {
      compare(lmdb, table, from, to, range(rows(table), from, to));
    }
  }

  private void compareAll(Lmdb lmdb) throws IOException {
    for (String table : TABLES) {
      compare(lmdb, table, null, null, rows(table));
      for (Map.Entry<byte[], byte[]> row : rows(table).entrySet()) {
        assertThat(lmdb.<byte @Nullable []>read(txn -> txn.get(table, row.getKey())))
            .isEqualTo(row.getValue());
      }
    }
  }

  private NavigableMap<byte[], byte[]> rows(String table) {
    NavigableMap<byte[], byte[]> rows = model.get(table);
    assertThat(rows).isNotNull();
    return rows;
  }

  private static void compare(
      Lmdb lmdb,
      String table,
      byte @Nullable [] from,
      byte @Nullable [] to,
      NavigableMap<byte[], byte[]> expected)
      throws IOException {
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    lmdb.<@Nullable Void>read(txn -> {
      txn.scan(
          table,
          from,
          to,
          (key, value) -> {
            keys.add(key);
            return values.add(value.toArray(ValueLayout.JAVA_BYTE));
          });
      return null;
    });
    assertThat(keys).containsExactly(expected.keySet().toArray(byte[][]::new));
    assertThat(values).containsExactly(expected.values().toArray(byte[][]::new));
  }
}
