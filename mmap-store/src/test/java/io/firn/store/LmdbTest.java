package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbTest {

  private static final byte[] KEY = {1};
  private static final Lmdb.WriteFunction NOTHING = txn -> {};

  @TempDir Path temp;
  private DatabaseDirectory directory;
  private Lmdb lmdb;

  @BeforeEach
  void open() throws IOException {
    directory = DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
    lmdb = Lmdb.open(directory, List.of("a", "b"), new Lmdb.Options(1 << 20, 4));
  }

  @AfterEach
  void close() throws IOException {
    lmdb.close();
    directory.close();
  }

  private byte @Nullable [] get(String table, byte[] key) throws IOException {
    return lmdb.<byte @Nullable []>read(txn -> txn.get(table, key));
  }

  @Test
  void keepsTablesApart() throws IOException {
    lmdb.write(txn -> {
      txn.put("a", KEY, new byte[] {10});
      txn.put("b", KEY, new byte[] {20});
    });

    assertThat(get("a", KEY)).containsExactly(10);
    assertThat(get("b", KEY)).containsExactly(20);
    assertThat(get("a", new byte[] {2})).isNull();
  }

  @Test
  void takesValuesFromAnyMemoryAndOfAnySize() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment off = arena.allocate(100_000).fill((byte) 7);
      lmdb.write(txn -> {
        txn.put("a", KEY, off);
        txn.put("a", new byte[] {2}, MemorySegment.ofArray(new float[] {1.5f}));
        txn.put("a", new byte[] {3}, new byte[0]);
      });
      assertThat(get("a", KEY)).isEqualTo(off.toArray(ValueLayout.JAVA_BYTE));
      assertThat(get("a", new byte[] {2})).hasSize(4);
      assertThat(get("a", new byte[] {3})).isEmpty();
    }
  }

  @Test
  void takesKeysOf1To511Bytes() throws IOException {
    byte[] longest = new byte[511];
    lmdb.write(txn -> txn.put("a", longest, KEY));

    assertThat(get("a", longest)).isEqualTo(KEY);
    for (int bad : new int[] {0, 512}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> get("a", new byte[bad]))
          .withMessageContaining("must be 1..511 bytes but is " + bad);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> lmdb.write(txn -> txn.put("a", new byte[bad], KEY)));
    }
  }

  @Test
  void appendsAboveEveryKeyAndNowhereElse() throws IOException {
    lmdb.write(txn -> {
      assertThat(txn.append("a", new byte[] {5}, new byte[] {1})).isTrue();
      assertThat(txn.append("a", new byte[] {5}, new byte[] {2})).isFalse();
      assertThat(txn.append("a", new byte[] {4}, new byte[] {3})).isFalse();
      txn.put("a", new byte[] {3}, new byte[] {4});
      assertThat(txn.append("a", new byte[] {5, 0}, new byte[] {5})).isTrue();
      assertThat(txn.append("b", KEY, new byte[] {6})).isTrue();
    });

    assertThat(get("a", new byte[] {3})).containsExactly(4);
    assertThat(get("a", new byte[] {4})).isNull();
    assertThat(get("a", new byte[] {5})).containsExactly(1);
    assertThat(get("a", new byte[] {5, 0})).containsExactly(5);
    assertThat(get("b", KEY)).containsExactly(6);
    lmdb.verify();
  }

  @Test
  void refusesATableThatIsNotOpen() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> get("c", KEY))
        .withMessageContaining("must be one of [a, b] but is 'c'");
  }

  @Test
  void leavesNoTraceOfAFunctionThatThrows() throws IOException {
    lmdb.write(txn -> txn.put("a", KEY, new byte[] {1}));

    assertThatThrownBy(() ->
            lmdb.write(txn -> {
              txn.put("a", KEY, new byte[] {2});
              txn.put("b", KEY, new byte[] {2});
              throw new IOException("changed my mind");
            }))
        .hasMessage("changed my mind");

    assertThat(get("a", KEY)).containsExactly(1);
    assertThat(get("b", KEY)).isNull();
  }

  @Test
  void seesItsOwnWritesWhileOthersDoNot() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    AtomicReference<byte @Nullable []> seen = new AtomicReference<>(new byte[] {99});
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                written.await();
                seen.set(get("a", KEY));
              } catch (Exception e) {
                throw new AssertionError(e);
              } finally {
                read.countDown();
              }
            });
    lmdb.write(txn -> {
      txn.put("a", KEY, new byte[] {1});
      assertThat(txn.get("a", KEY)).containsExactly(1);
      written.countDown();
      awaitQuietly(read);
    });
    reader.join();

    assertThat(seen.get()).isNull();
    assertThat(get("a", KEY)).containsExactly(1);
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void endsViewsWithTheirTransaction() throws IOException {
    lmdb.write(txn -> txn.put("a", KEY, new byte[] {5, 6}));
    MemorySegment view =
        lmdb.read(txn -> {
          MemorySegment inside = requireNonNull(txn.view("a", KEY));
          assertThat(inside.toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 6);
          assertThat(inside.isReadOnly()).isTrue();
          assertThat(txn.view("a", new byte[] {2})).isNull();
          return inside;
        });

    assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void endsViewsOfAWriteWithTheNextChange() throws IOException {
    lmdb.write(txn -> {
      txn.put("a", KEY, new byte[] {5});
      MemorySegment view = requireNonNull(txn.view("a", KEY));
      assertThat(view.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 5);
      txn.put("a", KEY, new byte[] {6});
      assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
    });
  }

  @Test
  void refusesATransactionThatHasEnded() throws IOException {
    List<ReadTxn> escaped = new ArrayList<>();
    lmdb.<@Nullable Void>read(txn -> {
      escaped.add(txn);
      return null;
    });
    lmdb.write(escaped::add);

    for (ReadTxn txn : escaped) {
      assertThatExceptionOfType(ClosedStoreException.class)
          .isThrownBy(() -> txn.get("a", KEY))
          .withMessageContaining("the transaction must be open");
    }
  }

  @Test
  void refusesAChangeDuringAScan() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            lmdb.write(txn -> {
              txn.put("a", KEY, KEY);
              txn.scan("a", null, null, (key, value) -> txn.delete("a", key));
            }))
        .withMessageContaining("a scan must only read");
  }

  @Test
  void readsDuringAScan() throws IOException {
    lmdb.write(txn -> {
      for (byte i = 0; i < 10; i++) {
        txn.put("a", new byte[] {i}, new byte[] {(byte) (9 - i)});
        txn.put("b", new byte[] {i}, new byte[] {(byte) (i * 2)});
      }
    });
    List<Byte> joined = new ArrayList<>();
    lmdb.<@Nullable Void>read(txn -> {
      txn.scan(
          "a",
          null,
          new byte[] {5},
          (key, value) -> {
            byte[] other =
                requireNonNull(txn.get("b", new byte[] {value.get(ValueLayout.JAVA_BYTE, 0)}));
            txn.scan("b", null, null, (k, v) -> false);
            joined.add(other[0]);
            return joined.size() < 3;
          });
      return null;
    });

    assertThat(joined).containsExactly((byte) 18, (byte) 16, (byte) 14);
  }

  @Test
  void refusesNestedAndConcurrentWrites() throws Exception {
    assertThatIllegalStateException()
        .isThrownBy(() -> lmdb.read(outer -> lmdb.read(inner -> "never")))
        .withMessageContaining("must not run inside another");
    assertThatIllegalStateException()
        .isThrownBy(() -> lmdb.write(outer -> lmdb.write(NOTHING)))
        .withMessageContaining("must not run inside a read or write");
    assertThatIllegalStateException()
        .isThrownBy(() ->
            lmdb.read(outer -> {
              lmdb.write(NOTHING);
              return "never";
            }));
    lmdb.write(outer -> {
      AtomicReference<@Nullable Throwable> refusal = new AtomicReference<>();
      Thread other =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  lmdb.write(NOTHING);
                } catch (Throwable e) {
                  refusal.set(e);
                }
              });
      join(other);
      assertThat(refusal.get())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("one thread must write at a time");
    });
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void refusesToWriteOnAVirtualThread() throws Exception {
    AtomicReference<@Nullable Throwable> refusal = new AtomicReference<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            lmdb.write(NOTHING);
          } catch (Throwable e) {
            refusal.set(e);
          }
        })
        .join();

    assertThat(refusal.get()).hasMessageContaining("must run on a platform thread");
  }

  @Test
  void readsTheCommittedStateInsideAWrite() throws IOException {
    lmdb.write(txn -> {
      txn.put("a", KEY, KEY);
      assertThat(get("a", KEY)).isNull();
    });
  }

  @Test
  void refusesUseAfterClose() {
    lmdb.close();
    lmdb.close();

    assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(() -> get("a", KEY));
    assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(() -> lmdb.write(NOTHING));
    assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(lmdb::stats);
    assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(lmdb::verify);
  }

  @Test
  void refusesToCloseInsideATransaction() throws IOException {
    lmdb.write(txn -> assertThatIllegalStateException().isThrownBy(lmdb::close));
    lmdb.<@Nullable Void>read(txn -> {
      assertThatIllegalStateException().isThrownBy(lmdb::close);
      return null;
    });

    assertThat(get("a", KEY)).isNull();
  }

  @Test
  void closesAfterTheLastReader() throws Exception {
    lmdb.write(txn -> txn.put("a", KEY, KEY));
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    AtomicInteger closedBeforeEnd = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread closer = Thread.ofPlatform().unstarted(lmdb::close);
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                lmdb.<@Nullable Void>read(txn -> {
                  reading.countDown();
                  awaitQuietly(closing);
                  sleep(100);
                  closedBeforeEnd.set(closer.isAlive() ? 0 : 1);
                  assertThat(txn.get("a", KEY)).isEqualTo(KEY);
                  return null;
                });
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    reading.await();
    closer.start();
    closing.countDown();
    reader.join();
    closer.join();

    assertThat(failure.get()).isNull();
    assertThat(closedBeforeEnd).hasValue(0);
    assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(() -> get("a", KEY));
  }

  private static void sleep(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void countsItsRows() throws IOException {
    lmdb.write(txn -> {
      for (int i = 0; i < 100; i++) {
        txn.put("a", ("key" + i).getBytes(UTF_8), KEY);
      }
    });
    Lmdb.Stats stats = lmdb.stats();

    assertThat(stats.rows()).containsEntry("a", 100L).containsEntry("b", 0L).hasSize(2);
    assertThat(stats.mapBytes()).isEqualTo(1 << 20);
    assertThat(stats.fileBytes()).isBetween(8192L, 100_000L);
  }

  @Test
  void commitsNothingForAFunctionThatChangesNothing() throws IOException {
    Path file = directory.metaPath().resolve("data.mdb");
    byte[] before = java.nio.file.Files.readAllBytes(file);

    lmdb.write(txn -> assertThat(txn.count("a")).isZero());

    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void refusesImpossibleOptions() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Lmdb.Options(1000, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Lmdb.Options(1 << 20, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Lmdb.open(directory, List.of("~commit"), Lmdb.Options.defaults()))
        .withMessageContaining("none of them ~commit");
  }
}
