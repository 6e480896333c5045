package io.firn.bench;

import io.firn.bench.kernels.KernelsCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench kernels}: hands over to the kernels' own command. */
@Command(
    name = "kernels",
    description = "Times distance kernels by JMH, ours and the peers'.",
    mixinStandardHelpOptions = true)
final class KernelTimesCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "ARG",
      description = "A pattern of benchmark names, or: starts [number of fresh JVMs].")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    return KernelsCommand.run(arguments.toArray(String[]::new));
  }
}
