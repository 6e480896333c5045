package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Launches processes that write, ends them in the middle, and knows what must be there afterwards:
 * all that was acknowledged, and nothing by halves.
 */
final class CrashedWorkload {

  private static final long PATIENCE_NANOS = 15_000_000_000L;
  private static final long GRACE_NANOS = 500_000_000;

  private final Workload workload;
  private final long seed;
  private final Random random;
  private final List<List<State>> possible = new ArrayList<>(); // by thread
  private int launches;
  private int endedEarly;
  private int acknowledged;
  private int lost;
  private long sealedRows;
  private long merges;
  private int backups;

  CrashedWorkload(Workload workload, long seed) {
    this.workload = workload;
    this.seed = seed;
    this.random = new Random(seed);
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      possible.add(List.of(new State(0, Map.of())));
    }
  }

  /** Ends a process, or what it stands on. */
  interface End {
    void of(ChildProcess child) throws Exception;
  }

  /** A thread's rows after so many operations of its last launch. */
  record State(int operations, Map<String, Row> rows) {}

  /** When an operation began, and when it was acknowledged. */
  private record Acknowledged(long from, long to) {}

  /** An ended process with what it had acknowledged. */
  record Ended(int launch, List<List<Acknowledged>> threads, String errors) {

    /** When the last of the operations that were acknowledged began. */
    private long newestFrom() {
      return threads.stream()
          .flatMap(List::stream)
          .mapToLong(Acknowledged::from)
          .max()
          .orElse(Long.MIN_VALUE + GRACE_NANOS);
    }

    private List<Acknowledged> of(int thread) {
      return threads.get(thread);
    }
  }

  int launches() {
    return launches;
  }

  int acknowledged() {
    return acknowledged;
  }

  long sealedRows() {
    return sealedRows;
  }

  long merges() {
    return merges;
  }

  int backups() {
    return backups;
  }

  String report() {
    return "ended %d processes, %d of them before they had opened; %d operations acknowledged, %d of them lost; %d sealed rows, %d merges, %d backups opened"
        .formatted(launches, endedEarly, acknowledged, lost, sealedRows, merges, backups);
  }

  /**
   * Starts a process and ends it after a random part of {@code operations}, or while it opens.
   *
   * @param arguments further ones of {@link Workload.Main}
   */
  Ended launchAndEnd(Path directory, int operations, End end, Object... arguments)
      throws Exception {
    int launch = launches++;
    try (ChildProcess child =
        ChildProcess.start(Workload.Main.class, all(directory, launch, arguments))) {
      boolean early = random.nextInt(4) == 0;
      assertThat(child.readLine()).as(child.errors()).isEqualTo("opening");
      if (!early) {
        assertThat(child.readLine()).as(child.errors()).isEqualTo("open");
      }
      List<String> lines = java.util.Collections.synchronizedList(new ArrayList<>());
      Thread reader = Thread.ofPlatform().start(() -> child.readTo(lines));
      await(early ? 0 : random.nextInt(operations), lines);
      Thread.sleep(random.nextInt(early ? 250 : 50));
      requireNoCrash(lines);
      end.of(child);
      reader.join(); // its last lines may be a crash report: XFS ends reads of mappings by SIGBUS
      merges +=
          lines.stream()
              .filter(line -> line.startsWith(Workload.MERGES))
              .mapToLong(line -> Long.parseLong(line.substring(Workload.MERGES.length())))
              .max()
              .orElse(0);
      endedEarly += early && !lines.contains("open") ? 1 : 0;
      return new Ended(launch, acknowledged(lines), child.errors());
    }
  }

  private static void requireNoCrash(List<String> lines) {
    synchronized (lines) {
      assertThat(lines).as("before anything was cut").noneMatch(line -> line.startsWith("#"));
    }
  }

  private Object[] all(Path directory, int launch, Object... arguments) {
    List<Object> all = new ArrayList<>();
    all.add(directory.resolve("db"));
    all.add(workload.seed());
    all.add(launch);
    all.add(workload.durability().intervalNanos() / 1_000_000);
    all.addAll(List.of(arguments));
    return all.toArray();
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
      if (line.matches("\\d+( \\d+){3}")) {
        String[] parts = line.split(" ", -1);
        List<Acknowledged> mine = threads.get(Integer.parseInt(parts[0]));
        assertThat(Integer.parseInt(parts[1])).isEqualTo(mine.size());
        mine.add(new Acknowledged(Long.parseLong(parts[2]), Long.parseLong(parts[3])));
        acknowledged++;
      }
    }
    return threads;
  }

  /** Everything that was acknowledged must be there. */
  void requireAll(Ended ended) {
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      possible.set(thread, outcomes(ended, thread, ended.of(thread).size()));
    }
  }

  /** The newest of what was acknowledged may be lost. */
  void requireAllButTheNewest(Ended ended) {
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      possible.set(thread, outcomes(ended, thread, mustBeKept(ended, thread)));
    }
  }

  /**
   * States in which a thread's rows may be: after at least {@code kept} operations, and at most one
   * more than were acknowledged.
   */
  private List<State> outcomes(Ended ended, int thread, int kept) {
    List<State> outcomes = new ArrayList<>();
    for (State before : possible.get(thread)) {
      Map<String, Row> rows = new HashMap<>(before.rows());
      for (int done = 0; done <= ended.of(thread).size() + 1; done++) {
        if (done >= kept) {
          outcomes.add(new State(done, new HashMap<>(rows)));
        }
        workload.step(ended.launch(), thread, done).applyTo(rows);
      }
    }
    return outcomes;
  }

  /**
   * How many of its operations a thread must find again: the old ones, and those flushed. Old is
   * told by the newest operation that was answered, not by the end: a process that stands still for
   * a while commits nothing meanwhile, and answers nothing.
   */
  private int mustBeKept(Ended ended, int thread) {
    long before = ended.newestFrom() - GRACE_NANOS;
    for (int other = 0; other < Workload.THREADS; other++) {
      for (int index = 0; index < ended.of(other).size(); index++) {
        if (workload.step(ended.launch(), other, index).kind() == Workload.Kind.FLUSH) {
          before = Math.max(before, ended.of(other).get(index).from());
        }
      }
    }
    int kept = 0;
    for (Acknowledged each : ended.of(thread)) {
      kept += each.to() < before ? 1 : 0;
    }
    return kept;
  }

  /** Opens and checks everything; returns by thread the states that were found. */
  List<List<State>> check(Path directory, String note) {
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
    checkBackups(Workload.backups(directory.resolve("db")), note);
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

  /** What has the name of a backup is a whole one. */
  private void checkBackups(Path directory, String note) {
    try (Stream<Path> all = Files.list(directory)) {
      for (Path backup : all.filter(path -> !path.toString().contains(".tmp-")).toList()) {
        try (Database db = workload.open(backup)) {
          for (String name : db.collections()) {
            SoundDatabase.rows(db.collection(name), note + ", " + backup);
          }
          SoundDatabase.requireVerified(db, note + ", " + backup);
        }
        backups++;
      }
    } catch (NoSuchFileException _) {
      // none was made yet
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** No operation may be there that began after one was acknowledged that is not there. */
  void requireSuffix(Ended ended, List<List<State>> found) {
    long firstLost = Long.MAX_VALUE;
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      List<Acknowledged> mine = ended.of(thread);
      int kept = found.get(thread).getLast().operations();
      if (kept < mine.size()) {
        lost += mine.size() - kept;
        firstLost = Math.min(firstLost, mine.get(kept).to());
      }
    }
    for (int thread = 0; thread < Workload.THREADS; thread++) {
      List<Acknowledged> mine = ended.of(thread);
      int surelyKept = Math.min(mine.size(), found.get(thread).getFirst().operations());
      if (surelyKept > 0) {
        assertThat(mine.get(surelyKept - 1).from())
            .as("seed %d: begin of an operation that was kept", seed)
            .isLessThan(firstLost);
      }
    }
  }
}
