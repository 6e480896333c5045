package io.firn.bench;

import io.firn.bench.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench report}: rows as a page and pictures. */
@Command(
    name = "report",
    description = "Draws FOLDER/ann.jsonl: index.html, complete in itself, and PNGs.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ReportCommand implements Callable<Integer> {

  @Parameters(index = "0", arity = "0..1", description = "Folder of rows, and of the report.")
  private Path folder = Path.of("docs", "benchmarks");

  @Option(names = "--recalls", split = ",", description = "Recalls at which tables have lines.")
  private List<Double> recalls = List.of(0.90, 0.95, 0.99);

  @Option(names = "--command", description = "What measures anew, printed in the page.")
  private String command = "docs/benchmarks/measure.sh";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    for (Path file : Report.write(folder, recalls, command)) {
      spec.commandLine().getOut().println(file);
    }
    return 0;
  }
}
