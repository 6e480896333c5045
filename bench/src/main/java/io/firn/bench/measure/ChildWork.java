package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.data.DataSetFile;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.engine.AnnIndex;
import io.firn.bench.engine.AnnSearcher;
import io.firn.bench.engine.Engines;
import io.firn.bench.engine.Parameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** What a child process does: one build, or one search, of one engine. */
public final class ChildWork {

  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final long DELETE_SEED = 7;

  private ChildWork() {}

  /** Builds into the task's folder. */
  public static BuildResult build(ChildTask task) throws IOException {
    AnnEngine engine = Engines.named(task.engine());
    DataSet set = DataSetFile.read(task.dataSet());
    long start = System.nanoTime();
    engine.build(set, new Parameters(task.parameters()), task.folder(), task.threads());
    double seconds = (System.nanoTime() - start) / 1e9;
    return new BuildResult(
        engine.version(),
        seconds,
        ProcessMemory.cpuSeconds(),
        task.threads(),
        ProcessMemory.peakBytes(),
        bytesIn(task.folder()));
  }

  /** Searches what {@link #build} left. */
  public static SearchResult search(ChildTask task) throws IOException, InterruptedException {
    DataSet set = DataSetFile.read(task.dataSet());
    float[][] queries = Arrays.copyOf(set.queries(), Math.min(task.queries(), set.queryCount()));
    int[] deleted = deleted(set.baseCount(), task.deleteShare());
    Answers answers = answers(set, task.queries(), task.deleteShare(), task.k());
    long before = ProcessMemory.residentBytes();
    long start = System.nanoTime();
    try (AnnIndex index =
        Engines.named(task.engine()).open(set, new Parameters(task.parameters()), task.folder())) {
      askOnce(index, queries[0], task.k());
      double openMillis = (System.nanoTime() - start) / 1e6;
      if (deleted.length > 0) {
        index.delete(deleted);
      }
      var points =
          new Sweep(index, queries, answers, task.threads(), WARM_UP_NANOS)
              .run(task.knobs(), task.enough());
      long resident = ProcessMemory.residentBytes() - before;
      return new SearchResult(openMillis, resident, points);
    }
  }

  /** Opens what {@link #build} left, and asks one query. */
  public static OpenResult open(ChildTask task) throws IOException, InterruptedException {
    DataSet set = DataSetFile.read(task.dataSet());
    float[] query = set.queries()[0];
    long before = ProcessMemory.residentBytes();
    long start = System.nanoTime();
    try (AnnIndex index =
        Engines.named(task.engine()).open(set, new Parameters(task.parameters()), task.folder())) {
      double openMillis = (System.nanoTime() - start) / 1e6;
      askOnce(index, query, task.k());
      double answerMillis = (System.nanoTime() - start) / 1e6;
      long resident = ProcessMemory.residentBytes() - before;
      return new OpenResult(openMillis, answerMillis, ProcessMemory.heapBytes(), resident);
    }
  }

  /** Judges answers to the first queries, at most {@code most} of them. */
  static Answers answers(DataSet set, int most, double deleteShare, int k) throws IOException {
    float[][] distances = set.truthDistanceLists();
    int queries = Math.min(most, set.queryCount());
    return new Answers(
        Arrays.copyOf(set.truthIds(), queries),
        distances == null ? null : Arrays.copyOf(distances, queries),
        bits(deleted(set.baseCount(), deleteShare)),
        set.baseCount(),
        k);
  }

  private static BitSet bits(int[] ids) {
    BitSet bits = new BitSet();
    for (int id : ids) {
      bits.set(id);
    }
    return bits;
  }

  private static void askOnce(AnnIndex index, float[] query, int k) throws IOException {
    try (AnnSearcher searcher = index.searcher()) {
      searcher.search(query, k, k, new int[k]);
    }
  }

  /** A fixed choice of rows. */
  static int[] deleted(int rows, double share) {
    SplittableRandom random = new SplittableRandom(DELETE_SEED);
    BitSet chosen = new BitSet();
    for (int id = 0; id < rows; id++) {
      chosen.set(id, random.nextDouble() < share);
    }
    return chosen.stream().toArray();
  }

  /** Blocks in use: neither holes in files nor metadata mislead. */
  private static long bytesIn(Path folder) throws IOException {
    Process du =
        new ProcessBuilder("du", "--summarize", "--block-size=1", folder.toString()).start();
    try (BufferedReader out = du.inputReader()) {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("du must print the size of %s but prints nothing.".formatted(folder));
      }
      return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }
  }
}
