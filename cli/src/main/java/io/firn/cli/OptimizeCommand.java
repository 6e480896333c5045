package io.firn.cli;

import io.firn.Collection;
import io.firn.CollectionStats;
import io.firn.Database;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.ProgressLine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Rewrites a collection into one segment. */
@Command(
    name = "optimize",
    header = "Rewrite a collection into one segment with a fresh graph.",
    description = "Makes searches as fast and files as small as they get.")
final class OptimizeCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final CollectionOption collection = new CollectionOption();

  OptimizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Database open = database.open()) {
      Collection in = collection.in(open);
      long startNanos = System.nanoTime();
      optimize(console, in);
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      CollectionStats stats = in.stats();
      console.say(
          "%s: %,d rows in %d segment(s), %.1f s"
              .formatted(in.name(), stats.rows(), stats.segments(), seconds));
      console.answer(
          "collection",
          in.name(),
          "rows",
          stats.rows(),
          "segments",
          stats.segments(),
          "seconds",
          seconds);
    }
    return ExitCode.DONE.number();
  }

  /** Optimizes under a progress line. */
  static void optimize(Console console, Collection collection) {
    try (ProgressLine progress = console.progress("linking", "rows", collection.count())) {
      collection.optimize((done, total) -> progress.at(done));
    }
  }
}
