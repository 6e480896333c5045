package io.firn.cli.demo;

import io.firn.CollectionStats;
import io.firn.DatabaseStats;
import io.firn.cli.console.Console;
import io.firn.cli.console.TextTable;
import java.util.List;

/**
 * What the demo ends with.
 *
 * @param answers to the prepared questions
 */
record Report(
    BuildTime built,
    Measurement measured,
    DatabaseStats database,
    CollectionStats rows,
    int dimension,
    CrashProof.Outcome crash,
    List<Object> answers) {

  private static final String RULE = "  " + "-".repeat(94);

  void show(Console console) {
    console.say(RULE);
    table().lines().forEach(line -> console.say(line));
    console.say(RULE);
    console.answer(
        "rows", rows.rows(),
        "buildSeconds", built.totalSeconds(),
        "recallAt10", measured.recall(),
        "p50Millis", measured.p50Millis(),
        "p99Millis", measured.p99Millis(),
        "memoryBytesPerVector", perVector(rows.memoryBytes()),
        "fileBytesPerVector", perVector(rows.diskBytes()),
        "lmdbBytesPerVector", perVector(database.lmdbBytes()),
        "kernel", database.kernel(),
        "floatLanes", database.laneBits() / Float.SIZE,
        "crash", crash,
        "answers", answers);
  }

  private TextTable table() {
    return new TextTable()
        .row("rows", "%,d vectors of %d floats".formatted(rows.rows(), dimension))
        .row("build time", built.inWords())
        .row(
            "recall@10",
            "%.3f against exact search, %d definitions that are not in the database"
                .formatted(measured.recall(), measured.queries()))
        .row(
            "latency",
            "p50 %.2f ms, p99 %.2f ms (one thread, %,d searches)"
                .formatted(measured.p50Millis(), measured.p99Millis(), measured.searches()))
        .row(
            "bytes per vector",
            "%,d in mapped files (%,d the vector), %,d in memory, %,d in LMDB"
                .formatted(
                    perVector(rows.diskBytes()),
                    dimension * Float.BYTES,
                    perVector(rows.memoryBytes()),
                    perVector(database.lmdbBytes())))
        .row("kernel", database.kernel())
        .row("crash proof", crash.inWords());
  }

  private long perVector(long bytes) {
    return bytes / Math.max(1, rows.rows());
  }
}
