package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.data.DataSetFile;
import io.firn.bench.data.NamedSets;
import io.firn.bench.data.QueryStream;
import io.firn.bench.engine.AnnIndex;
import io.firn.bench.engine.AnnSearcher;
import io.firn.bench.engine.Engines;
import io.firn.bench.engine.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a child process does within a memory limit: asks queries that it never asked before, as the
 * workloads want them, and at the end those whose neighbours are known.
 */
public final class MemoryWork {

  private static final int FIRST_QUERIES = 300;
  private static final long SEED = 11;
  private static final long MAX_LATENCY_NANOS = 3_600_000_000_000L;

  private final ChildTask index;
  private final int knob;
  private final AnnSearcher searcher;
  private final int[] ids;

  private MemoryWork(ChildTask index, int knob, AnnSearcher searcher) {
    this.index = index;
    this.knob = knob;
    this.searcher = searcher;
    this.ids = new int[Math.max(knob, index.k())];
  }

  /** Reads a {@link MemoryTask}, does it, and writes its {@link MemoryResult}. */
  public static void serve(Path task, Path result) throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    json.writeValue(result, serve(json.readValue(task, MemoryTask.class)));
  }

  /** Serves what {@link ChildWork#build} left. */
  static MemoryResult serve(MemoryTask task) throws IOException {
    ChildTask of = task.index();
    DataSet set = DataSetFile.read(of.dataSet());
    List<MemoryResult.Phase> phases = new ArrayList<>();
    long start = System.nanoTime();
    try (AnnIndex index =
            Engines.named(of.engine()).open(set, new Parameters(of.parameters()), of.folder());
        AnnSearcher searcher = index.searcher()) {
      double openMillis = (System.nanoTime() - start) / 1e6;
      var work = new MemoryWork(of, task.knob(), searcher);
      phases.add(
          work.phase("first", NamedSets.stream(set, 0, SEED), FIRST_QUERIES, Long.MAX_VALUE));
      long nanos = task.seconds() * 1_000_000_000L;
      for (Map.Entry<String, Double> workload : task.workloads().entrySet()) {
        QueryStream queries = NamedSets.stream(set, workload.getValue(), SEED + phases.size());
        work.phase("warming up", queries, Integer.MAX_VALUE, nanos);
        phases.add(work.phase(workload.getKey(), queries, Integer.MAX_VALUE, nanos));
      }
      double recall = work.recall(set);
      return new MemoryResult(openMillis, recall, phases);
    }
  }

  private MemoryResult.Phase phase(String name, QueryStream queries, int most, long nanos)
      throws IOException {
    Histogram latencies = new Histogram(MAX_LATENCY_NANOS, 3);
    DeviceReads before = DeviceReads.now();
    double cpuBefore = ProcessMemory.cpuSeconds();
    long searching = 0;
    int count = 0;
    while (count < most && searching < nanos) {
      float[] query = queries.next();
      long asked = System.nanoTime();
      searcher.search(query, index.k(), knob, ids);
      long took = System.nanoTime() - asked;
      latencies.recordValue(took);
      searching += took;
      count++;
    }
    DeviceReads after = DeviceReads.now();
    return new MemoryResult.Phase(
        name,
        count,
        count * 1e9 / searching,
        latencies.getValueAtPercentile(50) / 1e3,
        latencies.getValueAtPercentile(99) / 1e3,
        (ProcessMemory.cpuSeconds() - cpuBefore) * 1e6 / count,
        (double) (after.bytes() - before.bytes()) / count,
        (double) (after.waits() - before.waits()) / count);
  }

  private double recall(DataSet set) throws IOException {
    float[][] queries = set.queries();
    Answers answers = ChildWork.answers(set, index.queries(), 0, index.k());
    int count = answers.queryCount();
    long hits = 0;
    for (int q = 0; q < count; q++) {
      int found = searcher.search(queries[q], index.k(), knob, ids);
      hits += answers.hits(q, Arrays.copyOf(ids, found), found);
    }
    return (double) hits / ((long) count * index.k());
  }
}
