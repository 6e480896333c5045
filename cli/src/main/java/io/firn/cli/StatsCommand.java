package io.firn.cli;

import io.firn.CollectionSpec;
import io.firn.CollectionStats;
import io.firn.Database;
import io.firn.DatabaseStats;
import io.firn.SegmentStats;
import io.firn.TierMove;
import io.firn.TierStats;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.Sizes;
import io.firn.cli.console.TextTable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows sizes and state. */
@Command(name = "stats", header = "Show sizes and state of a database and its collections.")
final class StatsCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  StatsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Database open = database.openToRead()) {
      DatabaseStats stats = open.stats();
      var collections = new LinkedHashMap<String, Object>();
      stats
          .collections()
          .forEach((name, of) -> collections.put(name, json(open.collection(name).spec(), of)));
      console.answer(
          "collections", collections,
          "sequence", stats.sequence(),
          "durability", stats.durability().toString(),
          "kernel", stats.kernel(),
          "laneBits", stats.laneBits(),
          "lmdbBytes", stats.lmdbBytes(),
          "memoryBytes", stats.memoryBytes(),
          "openSnapshots", stats.openSnapshots(),
          "tiers", stats.tiers().stream().map(StatsCommand::json).toList(),
          "moves", stats.moves(),
          "lastMoves", stats.lastMoves().stream().map(TierMove::toString).toList());
      table(open, stats).lines().forEach(line -> console.say(line));
    }
    return ExitCode.DONE.number();
  }

  private static Object json(CollectionSpec spec, CollectionStats stats) {
    return Console.object(
        "dimension", spec.dimension(),
        "metric", spec.metric().name(),
        "rows", stats.rows(),
        "deadRows", stats.deadRows(),
        "segments", stats.segments(),
        "sealedRows", stats.sealedRows(),
        "unlinkedRows", stats.unlinkedRows(),
        "memoryBytes", stats.memoryBytes(),
        "mappedBytes", stats.mappedBytes(),
        "residentBytes", stats.residentBytes(),
        "diskBytes", stats.diskBytes(),
        "bySegment", stats.bySegment().stream().map(StatsCommand::json).toList());
  }

  private static Object json(SegmentStats segment) {
    return Console.object(
        "id", segment.id(),
        "rows", segment.rows(),
        "tier", segment.tier().name(),
        "memoryBytes", segment.memoryBytes(),
        "mappedBytes", segment.mappedBytes(),
        "residentBytes", segment.residentBytes(),
        "diskBytes", segment.diskBytes(),
        "searches", segment.searches(),
        "asked", segment.asked(),
        "missing", segment.missing());
  }

  private static Object json(TierStats tier) {
    return Console.object(
        "tier", tier.tier().name(),
        "segments", tier.segments(),
        "rows", tier.rows(),
        "memoryBytes", tier.memoryBytes(),
        "mappedBytes", tier.mappedBytes(),
        "residentBytes", tier.residentBytes(),
        "diskBytes", tier.diskBytes(),
        "searches", tier.searches());
  }

  private static TextTable table(Database database, DatabaseStats stats) {
    var table = new TextTable();
    stats
        .collections()
        .forEach((name, of) -> {
          CollectionSpec spec = database.collection(name).spec();
          table.row(name, "%d dimensions, %s".formatted(spec.dimension(), spec.metric()));
          table.row("  rows", "%,d alive, %,d dead".formatted(of.rows(), of.deadRows()));
          table.row(
              "  segments",
              "%d with %,d rows sealed, %,d not yet linked"
                  .formatted(of.segments(), of.sealedRows(), of.unlinkedRows()));
          table.row("  memory", Sizes.text(of.memoryBytes()));
          table.row("  files", files(of.diskBytes(), of.mappedBytes(), of.residentBytes()));
          of.bySegment().forEach(segment -> segment(table, segment));
        });
    stats.tiers().forEach(tier -> tier(table, tier));
    stats.lastMoves().forEach(move -> table.row("moved", move));
    return table
        .row("LMDB", Sizes.text(stats.lmdbBytes()))
        .row("memory budget", Sizes.text(stats.memoryBytes()))
        .row("commits", "%,d".formatted(stats.sequence()))
        .row("durability", stats.durability())
        .row("kernel", stats.kernel());
  }

  private static void tier(TextTable table, TierStats tier) {
    if (tier.segments() > 0) {
      table.row(
          tier.tier().name().toLowerCase(Locale.ROOT),
          "%,d segments with %,d rows, %s in memory, %s"
              .formatted(
                  tier.segments(),
                  tier.rows(),
                  Sizes.text(tier.memoryBytes()),
                  files(tier.diskBytes(), tier.mappedBytes(), tier.residentBytes())));
    }
  }

  private static void segment(TextTable table, SegmentStats segment) {
    table.row(
        "  segment " + (segment.id() == 0 ? "in memory" : segment.id()),
        "%,d rows, %s, %s"
            .formatted(
                segment.rows(),
                segment.tier().name().toLowerCase(Locale.ROOT),
                segment.id() == 0
                    ? Sizes.text(segment.memoryBytes())
                    : files(segment.diskBytes(), segment.mappedBytes(), segment.residentBytes())));
  }

  private static String files(long disk, long mapped, long resident) {
    return "%s on disk, %s mapped, %s of it in memory"
        .formatted(
            Sizes.text(disk),
            Sizes.text(mapped),
            resident < 0 ? "an unknown part" : Sizes.text(resident));
  }
}
