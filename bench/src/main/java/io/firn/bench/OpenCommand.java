package io.firn.bench;

import io.firn.bench.data.DataSet;
import io.firn.bench.measure.AnnPlan;
import io.firn.bench.measure.OpenRow;
import io.firn.bench.measure.OpenRun;
import io.firn.bench.measure.SearchPlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench open}: how long until the first answer, and in how much memory. */
@Command(
    name = "open",
    description = "Opens each engine's index in fresh processes, page cache cold and warm.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class OpenCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private EngineOptions engines = new EngineOptions();

  @Mixin private OutOptions out = new OutOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    AnnPlan plan = engines.plan(SearchPlan.until(1, 1));
    OpenRun run = new OpenRun(plan, line -> spec.commandLine().getErr().println("  " + line));
    for (DataSet set : data.sets()) {
      List<OpenRow> rows = run.run(set, engines.engines());
      out.write("open.jsonl", rows, OpenCommand::text);
    }
    return 0;
  }

  private static String text(OpenRow row) {
    return "%s, %,d rows, %-14s %s: open %,8.1f ms, first answer after %,8.1f ms, heap %,6d MiB, resident %,6d MiB"
        .formatted(
            row.dataset(),
            row.rows(),
            row.engine(),
            row.cache(),
            row.openMillis(),
            row.answerMillis(),
            row.heapBytes() >> 20,
            row.residentBytes() >> 20);
  }
}
