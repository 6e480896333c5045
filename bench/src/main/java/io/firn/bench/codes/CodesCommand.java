package io.firn.bench.codes;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.data.NamedSets;
import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares codes on real data: bytes, recall, speed, beside the quantizers of the peers. */
@Command(
    name = "codes",
    description = "Compares codes by bytes, recall and speed, beside the quantizers of the peers.",
    mixinStandardHelpOptions = true)
public final class CodesCommand implements Callable<Integer> {

  /** Bytes of an fbin file before its floats. */
  private static final int FBIN_HEADER_BYTES = 8;

  @Parameters(
      paramLabel = "NAME",
      description = "Data sets; default: glove-100 wordnet-minilm-384 mnist-784.")
  String[] names = {"glove-100", "wordnet-minilm-384", "mnist-784"};

  @Option(names = "--queries", description = "Queries of a set; default: ${DEFAULT-VALUE}.")
  int queries = 200;

  @Option(names = "--only", description = "Codes whose name contains this.")
  String only = "";

  @Option(
      names = "--scan",
      arity = "0..1",
      fallbackValue = "1000000",
      description =
          "Instead scan this many synthetic rows of 768 dimensions by 1-bit codes; default: ${FALLBACK-VALUE}.")
  @Nullable Integer scan;

  @Option(
      names = "--errors",
      description =
          "Instead compare the errors of RaBitQ estimates with the theory; exit code 1 if they break it.")
  boolean errors;

  private final PrintStream out = System.out;

  /** Runs the command; 0 if it ran. */
  public static int run(String[] args) {
    return new CommandLine(new CodesCommand()).execute(args);
  }

  @Override
  public Integer call() throws IOException {
    if (scan != null) {
      new ScanMeasurement(scan).run(out);
      return 0;
    }
    boolean kept = true;
    for (String name : names) {
      kept &= measure(new NamedSets(DataFolder.standard()).get(name));
    }
    return kept ? 0 : 1;
  }

  private boolean measure(DataSet set) throws IOException {
    try (Arena arena = Arena.ofShared();
        FileChannel file = FileChannel.open(set.base(), StandardOpenOption.READ)) {
      MemorySegment base = file.map(MapMode.READ_ONLY, 0, file.size(), arena);
      long stride = 4L * set.dimension();
      var rows = new FloatRows(base, FBIN_HEADER_BYTES, stride, set.dimension(), set.baseCount());
      out.printf("%n## %s: %,d rows of %d%n%n", set.label(), set.baseCount(), set.dimension());
      if (errors) {
        Distance distance = CodeKinds.distance(set.metric());
        return new ErrorMeasurement(rows, distance, set.queries()).run(out);
      }
      compare(set, rows);
      return true;
    }
  }

  private void compare(DataSet set, FloatRows rows) throws IOException {
    float[][] asked = set.queries();
    var measurement =
        new CodeMeasurement(
            rows,
            CodeKinds.distance(set.metric()),
            Arrays.copyOf(asked, Math.min(queries, asked.length)),
            set.truthIds());
    out.println(CodeRow.HEADER);
    for (CodeKind kind : CodeKinds.all(set.dimension())) {
      if (kind.name().contains(only)) {
        out.println(measurement.measure(kind).line());
        out.flush();
      }
    }
  }
}
