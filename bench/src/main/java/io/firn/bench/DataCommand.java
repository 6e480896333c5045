package io.firn.bench;

import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench data}: prepares sets, so that measuring finds them ready. */
@Command(
    name = "data",
    description =
        "Prepares data sets in $FIRN_DATA (default ~/.cache/firn), exact neighbours included.",
    mixinStandardHelpOptions = true)
final class DataCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    for (DataSet set : data.sets()) {
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %,d x %d, %s, %,d queries with exact neighbours, in %s%n",
              set.label(),
              set.baseCount(),
              set.dimension(),
              set.metric().word(),
              set.queryCount(),
              set.truth().getParent());
    }
    return 0;
  }
}
