package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that write are killed at random moments, while they open and recover too; what they had
 * acknowledged must be there, and nothing by halves. This proves the order of writes and the
 * recovery, not durability: the page cache outlives a process.
 */
class KillTest {

  private static final int CYCLES = Integer.getInteger("firn.test.cycles", 10);
  private static final long SEED = Long.getLong("firn.test.seed", 1);
  private static final int INTERVAL_MILLIS = 50;
  private static final long PATIENCE_NANOS = 4_000_000_000L;
  private static final long GRACE_NANOS = 500_000_000;

  /** Forcing takes its time here, so many are killed in the middle of a commit. */
  @TempDir Path disk;

  /** Here it takes none, so more is written, sealed and thrown away. */
  @TempDir(factory = MemoryDisk.class)
  Path memory;

  private final Random random = new Random(SEED);
  private final List<List<State>> possible = new ArrayList<>(); // by thread
  private int launches;
  private int killedEarly;
  private int acknowledged;
  private int lost;
  private long sealedRows;

  KillTest() {
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      possible.add(List.of(new State(0, Map.of())));
    }
  }

  /** A thread's rows after so many operations of its last launch. */
  private record State(int operations, Map<String, Row> rows) {}

  /** When an operation began, and when it was acknowledged. */
  private record Acknowledged(long from, long to) {}

  private record Killed(int launch, List<List<Acknowledged>> threads, long atNanos) {

    List<Acknowledged> of(int thread) {
      return threads.get(thread);
    }
  }

  @Test
  void fullDurabilityKeepsWhatWasAcknowledged() throws Exception {
    var workload = new Workload(SEED, Durability.FULL);
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      do { // sometimes once more without a look in between: recovery after a killed recovery
        Killed killed = launchAndKill(disk, workload, 0, 120);
        for (int thread = 0; thread < Workload.THREADS; thread++) {
          possible.set(thread, outcomes(workload, killed, thread, killed.of(thread).size()));
        }
      } while (random.nextInt(5) == 0);
      check(disk, workload, "seed %d, cycle %d".formatted(SEED, cycle));
    }
    report();
    assertThat(sealedRows).as("rows seen in segment files").isPositive();
  }

  @Test
  void intervalDurabilityLosesOnlyTheNewest() throws Exception {
    var workload = new Workload(SEED + 1, Durability.interval(Duration.ofMillis(INTERVAL_MILLIS)));
    for (int cycle = 0; cycle < (CYCLES + 2) / 3; cycle++) {
      Killed killed = launchAndKill(memory, workload, INTERVAL_MILLIS, 400);
      for (int thread = 0; thread < Workload.THREADS; thread++) {
        possible.set(
            thread, outcomes(workload, killed, thread, mustBeKept(workload, killed, thread)));
      }
      requireSuffix(killed, check(memory, workload, "seed %d, cycle %d".formatted(SEED, cycle)));
    }
    report();
  }

  private void report() {
    System.out.printf(
        "killed %d processes, %d of them before they had opened; %d operations acknowledged, %d of them lost; %d sealed rows%n",
        launches, killedEarly, acknowledged, lost, sealedRows);
    assertThat(acknowledged).as("operations").isGreaterThan(5 * launches);
  }

  private Killed launchAndKill(
      Path directory, Workload workload, int intervalMillis, int operations) throws Exception {
    int launch = launches++;
    try (ChildProcess child =
        ChildProcess.start(
            Workload.Main.class,
            directory.resolve("db"),
            workload.seed(),
            launch,
            intervalMillis)) {
      boolean early = random.nextInt(4) == 0;
      assertThat(child.readLine()).as(child.errors()).isEqualTo("opening");
      if (!early) {
        assertThat(child.readLine()).as(child.errors()).isEqualTo("open");
      }
      List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
      Thread reader = Thread.ofPlatform().start(() -> child.readTo(lines));
      await(early ? 0 : random.nextInt(operations), lines);
      Thread.sleep(random.nextInt(early ? 250 : 50));
      long atNanos = System.nanoTime();
      child.kill();
      reader.join();
      killedEarly += early && !lines.contains("open") ? 1 : 0;
      assertThat(child.errors()).doesNotContain("Exception").doesNotContain("Error");
      return new Killed(launch, acknowledged(lines), atNanos);
    }
  }

  /** Waits for a number of lines, so that a busy machine sees as much happen as an idle one. */
  private static void await(int count, List<String> lines) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (lines.size() < count && System.nanoTime() - until < 0) {
      Thread.sleep(1);
    }
  }

  private List<List<Acknowledged>> acknowledged(List<String> lines) {
    List<List<Acknowledged>> threads = new ArrayList<>();
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      threads.add(new ArrayList<>());
    }
    for (String line : lines) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 4) {
        List<Acknowledged> mine = threads.get(Integer.parseInt(parts[0]));
        assertThat(Integer.parseInt(parts[1])).isEqualTo(mine.size());
        mine.add(new Acknowledged(Long.parseLong(parts[2]), Long.parseLong(parts[3])));
        acknowledged++;
      }
    }
    return threads;
  }

  /**
   * States in which a thread's rows may be: after at least {@code kept} operations, and at most one
   * more than were acknowledged.
   */
  private List<State> outcomes(Workload workload, Killed killed, int thread, int kept) {
    List<State> outcomes = new ArrayList<>();
    for (State before : possible.get(thread)) {
      Map<String, Row> rows = new HashMap<>(before.rows());
      for (int done = 0; done <= killed.of(thread).size() + 1; done++) {
        if (done >= kept) {
          outcomes.add(new State(done, new HashMap<>(rows)));
        }
        workload.step(killed.launch(), thread, done).applyTo(rows);
      }
    }
    return outcomes;
  }

  /** How many of its operations a thread must find again: the old ones, and those flushed. */
  private static int mustBeKept(Workload workload, Killed killed, int thread) {
    long before = killed.atNanos() - GRACE_NANOS;
    for (int other = 0; other < Workload.THREADS; other++) {
      for (int index = 0; index < killed.of(other).size(); index++) {
        if (workload.step(killed.launch(), other, index).kind() == Workload.Kind.FLUSH) {
          before = Math.max(before, killed.of(other).get(index).from());
        }
      }
    }
    int kept = 0;
    for (Acknowledged each : killed.of(thread)) {
      kept += each.to() < before ? 1 : 0;
    }
    return kept;
  }

  /** Opens and checks everything; returns by thread the states that were found. */
  private List<List<State>> check(Path directory, Workload workload, String note) {
    List<Map<String, Row>> actual = new ArrayList<>();
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      actual.add(new HashMap<>());
    }
    try (Database db = workload.open(directory.resolve("db"))) {
      for (boolean first : List.of(true, false)) {
        Collection collection = Workload.collection(db, first);
        for (Row row : SoundDatabase.rows(collection, note)) {
          actual.get(Workload.thread(row)).put(Workload.key(first, row.id()), row);
        }
        sealedRows += collection.stats().sealedRows();
      }
      SoundDatabase.requireVerified(db, note);
    }
    List<List<State>> found = new ArrayList<>();
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      Map<String, Row> rows = actual.get(thread);
      List<State> states =
          possible.get(thread).stream().filter(state -> state.rows().equals(rows)).toList();
      assertThat(states)
          .as("%s, thread %d: its %d rows are as after some operation", note, thread, rows.size())
          .isNotEmpty();
      found.add(states);
      possible.set(thread, List.of(states.getLast()));
    }
    return found;
  }

  /** No operation may be there that began after one was acknowledged that is not there. */
  private void requireSuffix(Killed killed, List<List<State>> found) {
    long firstLost = Long.MAX_VALUE;
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      List<Acknowledged> mine = killed.of(thread);
      int kept = found.get(thread).getLast().operations();
      if (kept < mine.size()) {
        lost += mine.size() - kept;
        firstLost = Math.min(firstLost, mine.get(kept).to());
      }
    }
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      List<Acknowledged> mine = killed.of(thread);
      int surelyKept = Math.min(mine.size(), found.get(thread).getFirst().operations());
      if (surelyKept > 0) {
        assertThat(mine.get(surelyKept - 1).from())
            .as("seed %d: begin of an operation that was kept", SEED)
            .isLessThan(firstLost);
      }
    }
  }
}
