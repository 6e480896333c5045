package io.firn.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench memory}: the same comparison with less and less memory. */
@Command(
    name = "memory",
    description = "Compares engines within memory limits, set by a control group (needs root).",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class MemoryCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private EngineOptions engines = new EngineOptions();

  @Option(
      names = "--limits-mib",
      split = ",",
      required = true,
      description = "Memory of a searching process, page cache included; one or more.")
  private List<Long> limitsMib = List.of();

  @Mixin private OutOptions out = new OutOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    limitsMib.forEach(
        limit -> Checks.range("--limits-mib", (int) Math.min(limit, 1 << 30), 64, 1 << 29));
    List<Long> bytes = limitsMib.stream().map(limit -> limit << 20).toList();
    new Comparison(engines.engines(), engines.plan(bytes), null, out).run(data.sets());
    return 0;
  }
}
