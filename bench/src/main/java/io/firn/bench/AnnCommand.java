package io.firn.bench;

import io.firn.bench.measure.AnnPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench ann}: recall, speed, latency, build, bytes and open time, engine by engine. */
@Command(
    name = "ann",
    description = "Compares engines: recall, speed, latency, build, bytes, open time.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class AnnCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private EngineOptions engines = new EngineOptions();

  @Mixin private SweepOptions sweep = new SweepOptions();

  @Option(names = "--external", description = "A program that measures by the external protocol.")
  private @Nullable Path external;

  @Mixin private OutOptions out = new OutOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    AnnPlan plan = engines.plan(sweep.plan());
    if (plan.search().deleteShare() > 0 && (engines.isKeeping() || external != null)) {
      throw new IllegalArgumentException(
          "--delete must be alone but is with --keep or --external: rows deleted once are gone for the next run, and the protocol knows no deletes. Leave one out.");
    }
    new Comparison(engines.engines(), plan, external, out).run(data.sets());
    return 0;
  }
}
