package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many readers, a moving map. */
class LmdbLoadTest {

  @TempDir Path temp;

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  @Test
  void servesFiveHundredVirtualThreads() throws Exception {
    try (DatabaseDirectory directory =
            DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), new Lmdb.Options(1 << 20, 8));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      lmdb.write(txn -> {
        for (int i = 0; i < 500; i++) {
          txn.put("t", key(i), key(i * 7));
        }
      });
      AtomicInteger running = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      List<Future<Boolean>> reads = new ArrayList<>();
      for (int thread = 0; thread < 500; thread++) {
        int i = thread;
        reads.add(
            threads.submit(() ->
                lmdb.read(txn -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  sleep(2);
                  boolean equal = java.util.Arrays.equals(txn.get("t", key(i)), key(i * 7));
                  running.decrementAndGet();
                  return equal;
                })));
      }
      for (Future<Boolean> read : reads) {
        assertThat(read.get()).isTrue();
      }
      assertThat(most.get()).isBetween(2, 8);
    }
  }

  private static void sleep(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void growsUnderReaders() throws Exception {
    int rows = 4_000;
    try (DatabaseDirectory directory =
            DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), new Lmdb.Options(1 << 20, 8));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      AtomicInteger committed = new AtomicInteger();
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> readers = new ArrayList<>();
      for (int reader = 0; reader < 4; reader++) {
        readers.add(threads.submit(() -> readUntil(done, committed, lmdb)));
      }
      try {
        for (int at = 0; at < rows; at += 100) {
          int from = at;
          lmdb.write(txn -> {
            for (int i = from; i < from + 100; i++) {
              txn.put("t", key(i), value(i));
            }
          });
          committed.set(from + 100);
        }
      } finally {
        done.set(true); // else a failure here would wait for the readers
      }
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
      assertThat(lmdb.stats().mapBytes()).isGreaterThan(rows * 5_000L);
      assertThat(lmdb.stats().rows()).containsEntry("t", (long) rows);
      lmdb.verify();
    }
    try (DatabaseDirectory directory =
            DatabaseDirectory.open(temp.resolve("db"), false, Io.system());
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), new Lmdb.Options(1 << 20, 1))) {
      assertThat(lmdb.<byte @Nullable []>read(txn -> txn.get("t", key(rows - 1))))
          .isEqualTo(value(rows - 1));
    }
  }

  private static byte[] value(int i) {
    byte[] value = new byte[5_000];
    java.util.Arrays.fill(value, (byte) i);
    return value;
  }

  private static int readUntil(AtomicBoolean done, AtomicInteger committed, Lmdb lmdb)
      throws IOException {
    int reads = 0;
    while (!done.get()) {
      int newest = committed.get() - 1;
      if (newest >= 0) {
        int i = (int) (reads * 2_654_435_761L % (newest + 1));
        boolean found = lmdb.read(txn -> java.util.Arrays.equals(txn.get("t", key(i)), value(i)));
        assertThat(found).as("row %d of %d", i, newest).isTrue();
        reads++;
      }
    }
    return reads;
  }

  @Test
  void growsInsideOneTransaction() throws Exception {
    try (DatabaseDirectory directory =
            DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), new Lmdb.Options(1 << 20, 1))) {
      AtomicInteger runs = new AtomicInteger();
      AtomicInteger swallowed = new AtomicInteger();
      lmdb.write(txn -> {
        runs.incrementAndGet();
        for (int i = 0; i < 2_000; i++) {
          try {
            txn.put("t", key(i), value(i));
          } catch (IOException e) {
            swallowed.incrementAndGet(); // a caller that goes on regardless is run again too
          }
        }
      });
      assertThat(runs.get()).isGreaterThan(2);
      assertThat(swallowed.get()).isPositive();
      assertThat(lmdb.stats().rows()).containsEntry("t", 2_000L);
      lmdb.verify();
    }
  }
}
