package io.firn.bench;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.recall.RecallRow;
import io.firn.bench.recall.RecallRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench recall}: whether the recall asked for is the recall had. */
@Command(
    name = "recall",
    description = "Asks Firn for a recall, measures it, and compares with the best fixed ef.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class RecallCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private OutOptions out = new OutOptions();

  @Option(names = "--asked", split = ",", description = "Recalls asked for.")
  private List<Double> asked = List.of(0.9, 0.95, 0.99);

  @Option(names = "--seconds", description = "Each speed is measured for, five times.")
  private double seconds = 1;

  @Override
  public Integer call() throws IOException {
    Checks.seconds("--seconds", seconds);
    for (DataSet set : data.sets()) {
      List<RecallRow> rows = new ArrayList<>();
      try (RecallRun run = new RecallRun(set, DataFolder.standard().root().resolve("work"))) {
        for (double recall : asked) {
          out.err().printf("%s: learned %.2f in %.1f s%n", set.label(), recall, run.learn(recall));
          rows.add(run.measure(recall, seconds));
        }
      }
      out.write("recall.jsonl", rows, RecallCommand::text);
    }
    return 0;
  }

  private static String text(RecallRow row) {
    return "%s asked %.2f: recall %.4f (estimated %.4f ± %.4f) at ef %d, %,.0f searches/s; fixed ef %d: %,.0f"
        .formatted(
            row.dataset(),
            row.asked(),
            row.recall(),
            row.estimated(),
            row.margin(),
            row.ef(),
            row.qps(),
            row.fixedEf(),
            row.fixedQps());
  }
}
