package io.firn.bench;

import io.firn.bench.kernels.FreshStarts;
import io.firn.bench.kernels.KernelMeasurement;
import io.firn.bench.kernels.KernelRow;
import io.firn.bench.kernels.KernelTable;
import io.firn.bench.measure.Machine;
import io.firn.bench.measure.RowFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench kernels}: kernel times, ours, the scalar twins' and the peers'. */
@Command(
    name = "kernels",
    description =
        "Times distance kernels by JMH, ours and the peers'; a few seconds for each cell.",
    mixinStandardHelpOptions = true)
final class KernelTimesCommand implements Callable<Integer> {

  private static final String FILE = "kernels.jsonl";

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      description = "Benchmarks whose Class.method contains a match; default: all.")
  private String pattern = "";

  @Option(
      names = "--variant",
      split = ",",
      description = "default, AVX2, scalar; default: all three.")
  private List<String> variants = List.of("default", "AVX2", "scalar");

  @Option(names = "--place", split = ",", description = "cache, memory; default: ${DEFAULT-VALUE}.")
  private List<String> places = List.of("cache");

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "Instead show how the times of hot kernels vary over N fresh JVMs.")
  @Nullable Integer starts;

  @Option(names = "--table", description = "Instead print the table of a folder's kernels.jsonl.")
  @Nullable Path table;

  @Mixin private OutOptions out = new OutOptions();

  @Override
  public Integer call() throws Exception {
    if (starts != null) {
      FreshStarts.print(starts);
    } else if (table != null) {
      System.out.println(KernelTable.of(RowFile.read(table.resolve(FILE), KernelRow.class)));
    } else {
      List<KernelRow> rows = KernelMeasurement.run(pattern, variants, places);
      out.write(
          FILE,
          Machine.here(KernelMeasurement.FLAGS, Map.of()),
          rows,
          all -> List.of(KernelTable.of(all)));
    }
    return 0;
  }
}
