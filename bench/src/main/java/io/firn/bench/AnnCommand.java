package io.firn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

  @Option(names = "--external", description = "A program that measures by the external protocol.")
  private @Nullable Path external;

  @Mixin private OutOptions out = new OutOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    new Comparison(engines.engines(), engines.plan(List.of()), external, out).run(data.sets());
    return 0;
  }
}
