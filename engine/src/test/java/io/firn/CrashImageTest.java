package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.crash.DiskEvent;
import io.firn.crash.DiskNode.Piece;
import io.firn.crash.Mutation;
import io.firn.crash.RecordingIo;
import io.firn.crash.SimulatedDisk;
import io.firn.crash.Survival;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power cuts in process: a database is used on a file system that remembers every write, force and
 * rename; after each of them a cut is simulated with every kind of luck for what was not forced,
 * and the result is opened and held against what had been acknowledged.
 */
class CrashImageTest {

  private static final long SEED = Long.getLong("firn.test.seed", 1);

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private RecordingIo io = new RecordingIo();
  private HaltedMerge files = new HaltedMerge(io);

  private Database reopen(Database db) {
    db.close();
    return CrashCheck.open(directory, files);
  }

  private List<DiskEvent> record(CrashScript script) {
    Database db = CrashCheck.open(directory, files);
    for (int step = 0; step < script.size(); step++) {
      io.note(new DiskEvent.Began(step));
      db = script.run(step, db);
      io.note(new DiskEvent.Acknowledged(step));
    }
    db.close();
    return io.events();
  }

  /** Percent of the events to look at; {@code firn.test.share} asks for others, drawn by seed. */
  private static int share(int ofAll, int ofSome) {
    return Integer.getInteger("firn.test.share", TestLength.ALL ? ofAll : ofSome);
  }

  /**
   * Cuts the power after each event.
   *
   * @param share of the events, in percent, that are looked at; drawn at random
   */
  private void cutEverywhere(
      CrashScript script, List<DiskEvent> events, int pieceBytes, int singles, int share)
      throws IOException {
    cut(script, events, 0, pieceBytes, singles, share);
  }

  private void cut(
      CrashScript script, List<DiskEvent> events, int from, int pieceBytes, int singles, int share)
      throws IOException {
    var random = new Random(SEED);
    var disk = new SimulatedDisk(directory, pieceBytes);
    var check = new CrashCheck(directory, script, TestLength.ALL ? 8 : 1);
    int begun = 0;
    int acknowledged = 0;
    int cuts = 0;
    for (int n = 0; n < events.size(); n++) {
      disk.apply(events.get(n));
      begun += events.get(n) instanceof DiskEvent.Began ? 1 : 0;
      acknowledged += events.get(n) instanceof DiskEvent.Acknowledged ? 1 : 0;
      if (n >= from && random.nextInt(100) < share) {
        String note =
            "seed %d, event %d: %s, operation %s"
                .formatted(SEED, n, events.get(n), begun == 0 ? "open" : script.name(begun - 1));
        for (List<Piece> kept : Survival.subsets(disk.pending(), singles, singles, random)) {
          check.check(disk.image(kept), acknowledged, begun, note);
          cuts++;
        }
      }
    }
    System.out.printf(
        "%d operations, %d events, %d power cuts, %d different images%n",
        script.size(), events.size(), cuts, check.images());
    assertThat(acknowledged).isEqualTo(script.size());
  }

  /** Without this, the other tests here might look at nothing. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource
  void aDiskOrAnEngineThatCheatsIsCaught(Mutation mutation) {
    CrashScript script = script(reopen -> CrashScript.small(directory.resolve("backup"), reopen));
    List<DiskEvent> events = record(script);
    List<DiskEvent> mutated = mutation.of(events);
    int from = 0;
    while (events.get(from).equals(mutated.get(from))) {
      from++; // up to here the images are those of a good disk
    }
    int first = from;
    assertThatThrownBy(() -> cut(script, mutated, first, SimulatedDisk.PAGE_BYTES, 1, 100))
        .as("the first thing that is wrong with %s", mutation)
        .isInstanceOfAny(AssertionError.class, FirnException.Corrupt.class)
        .satisfies(e ->
            System.out.println(
                mutation + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
  }

  private CrashScript script(Function<Function<Database, Database>, CrashScript> maker) {
    return maker.apply(this::reopen);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void aSmallScriptSurvivesPowerCuts() throws IOException {
    CrashScript script = script(reopen -> CrashScript.small(directory.resolve("backup"), reopen));
    cutEverywhere(
        script, record(script), SimulatedDisk.PAGE_BYTES, TestLength.CYCLES / 25, share(100, 15));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void sectorsOfAPageMayArriveAlone() throws IOException {
    CrashScript script = script(reopen -> CrashScript.small(directory.resolve("backup"), reopen));
    cutEverywhere(
        script, record(script), SimulatedDisk.SECTOR_BYTES, TestLength.CYCLES / 25, share(100, 5));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void checkpointsAndSealsInTheBackgroundSurvivePowerCuts() throws IOException {
    CrashScript script = script(CrashScript::sealing);
    cutEverywhere(
        script, record(script), SimulatedDisk.PAGE_BYTES, TestLength.CYCLES / 25, share(100, 1));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void aMergeInTheBackgroundSurvivesPowerCuts() throws IOException {
    CrashScript script = script(reopen -> CrashScript.merging(files, reopen));
    List<DiskEvent> events = record(script);
    int step = 0;
    while (!script.name(step).equals(CrashScript.BEFORE_MERGE)) {
      step++;
    }
    int from = events.indexOf(new DiskEvent.Began(step));
    cut(script, events, from, SimulatedDisk.PAGE_BYTES, TestLength.CYCLES / 25, share(100, 2));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void randomOperationsSurvivePowerCuts() throws IOException {
    for (long seed = SEED; seed < SEED + (TestLength.ALL ? 5 : 1); seed++) {
      long each = seed;
      CrashScript script =
          script(reopen -> CrashScript.random(each, 10 + TestLength.CYCLES, reopen));
      cutEverywhere(
          script, record(script), SimulatedDisk.PAGE_BYTES, TestLength.CYCLES / 25, share(10, 2));
      CrashCheck.delete(directory.resolve("db"));
      io = new RecordingIo();
      files = new HaltedMerge(io);
    }
  }
}
