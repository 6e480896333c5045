package io.firn.bench;

import io.firn.bench.data.DataSet;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.measure.AnnPlan;
import io.firn.bench.measure.AnnRun;
import io.firn.bench.measure.ChildJvm;
import io.firn.bench.measure.Machine;
import io.firn.bench.measure.ResultTable;
import io.firn.bench.measure.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs engines over sets and shows what came out, set by set. */
record Comparison(List<AnnEngine> engines, AnnPlan plan, @Nullable Path external, OutOptions out) {

  void run(List<DataSet> sets) throws IOException, InterruptedException {
    PrintWriter log = out.err();
    for (DataSet set : sets) {
      log.printf("%s: %,d x %d%n", set.label(), set.baseCount(), set.dimension());
      List<Row> rows =
          new AnnRun(plan, line -> log.println("  " + line)).run(set, engines, external);
      out.write(
          "ann.jsonl",
          machine(rows),
          rows,
          all -> List.of(ResultTable.of(all, plan.search().recalls())));
    }
  }

  private Machine machine(List<Row> rows) throws IOException {
    Map<String, String> versions = new TreeMap<>();
    rows.forEach(row -> versions.put(row.engine(), row.version()));
    return Machine.here(ChildJvm.of(plan.heapMib()).flags(), versions);
  }
}
