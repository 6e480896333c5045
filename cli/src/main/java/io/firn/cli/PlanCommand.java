package io.firn.cli;

import io.firn.CollectionSpec;
import io.firn.Metadata;
import io.firn.Metric;
import io.firn.Options;
import io.firn.Row;
import io.firn.SizePlan;
import io.firn.Tier;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.Sizes;
import io.firn.cli.console.TextTable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what rows will need before they are there. */
@Command(
    name = "plan",
    header = "Say how much disk and memory rows will need.",
    description = "As import --bulk leaves them in an empty database.")
final class PlanCommand implements Callable<Integer> {

  private static final int MAX_ID_BYTES = 65_535;
  private static final int MAX_METADATA_BYTES = 1_000_000;

  private final Console console;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Option(names = "--rows", paramLabel = "N", required = true, description = "How many.")
  private long rows;

  @Option(
      names = "--dimension",
      paramLabel = "N",
      required = true,
      description = "Floats per vector.")
  private int dimension;

  @Option(names = "--metric", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Metric metric = Metric.COSINE;

  @Option(
      names = "--id-bytes",
      paramLabel = "N",
      description = "Bytes of a string id (default: ids are integers).")
  private @Nullable Integer idBytes;

  @Option(
      names = "--metadata-bytes",
      paramLabel = "N",
      description = "Bytes of a row's metadata, names included (default: ${DEFAULT-VALUE}).")
  private int metadataBytes;

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Options options = memory.in(Options.DEFAULT);
    SizePlan plan = SizePlan.of(CollectionSpec.of(dimension, metric), rows, example(), options);
    console.answer(
        "rows", plan.rows(),
        "segments", plan.segments(),
        "vectorBytes", plan.vectorBytes(),
        "recordBytes", plan.recordBytes(),
        "idBytes", plan.idBytes(),
        "lmdbBytes", plan.lmdbBytes(),
        "diskBytes", plan.diskBytes(),
        "searchBytes", plan.searchBytes(),
        "compactBytes", plan.compactBytes(),
        "loadBytes", plan.loadBytes(),
        "tier", plan.tier().name(),
        "memoryBytes", options.memoryBytes());
    table(plan, options).lines().forEach(line -> console.say(line));
    return ExitCode.DONE.number();
  }

  private Row example() {
    range("--metadata-bytes", metadataBytes, 0, MAX_METADATA_BYTES);
    Metadata metadata =
        metadataBytes == 0 ? Metadata.EMPTY : Metadata.of("m", "x".repeat(metadataBytes));
    if (idBytes == null) {
      return Row.of(0, new float[0], metadata);
    }
    range("--id-bytes", idBytes, 1, MAX_ID_BYTES);
    return Row.of("x".repeat(idBytes), new float[0], metadata);
  }

  private static void range(String option, int value, int from, int to) {
    if (value < from || value > to) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s must be %d..%d but is %d: a row holds no other. Give a value in the range."
              .formatted(option, from, to, value));
    }
  }

  private static TextTable table(SizePlan plan, Options options) {
    return new TextTable()
        .row(
            "vectors",
            Sizes.text(plan.vectorBytes()),
            "read for some of the best rows of each search")
        .row("records", Sizes.text(plan.recordBytes()), "walked by each search")
        .row("ids", Sizes.text(plan.idBytes()), "read for the hits of each search")
        .row("LMDB", Sizes.text(plan.lmdbBytes()), "from ids to rows, and metadata")
        .row("disk", Sizes.text(plan.diskBytes()), "in all")
        .row("search", Sizes.text(plan.searchBytes()), "of memory, for searches that never wait")
        .row("compact", Sizes.text(plan.compactBytes()), "of memory, for searches that wait once")
        .row(
            "load",
            Sizes.text(plan.loadBytes()),
            "of memory, within a budget of %s: %d segment(s)"
                .formatted(Sizes.text(options.memoryBytes()), plan.segments()))
        .row("tier", plan.tier().name(), latency(plan.tier()));
  }

  /** As measured on one machine with its disk: docs/decisions/070. */
  private static String latency(Tier tier) {
    return switch (tier) {
      case HOT -> "all is in memory: searches take tens of microseconds";
      case WARM -> "compact forms are in memory, vectors are not: some tenths of a millisecond";
      case COLD -> "searches read records from the disk: milliseconds";
    };
  }
}
