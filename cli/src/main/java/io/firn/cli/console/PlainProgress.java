package io.firn.cli.console;

import java.io.PrintWriter;
import java.time.Duration;

/** A line every ten seconds, for logs; nothing if it is over before. */
final class PlainProgress implements ProgressLine {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final PrintWriter err;
  private final String task;
  private final String unit;
  private final long total;
  private final long startNanos = System.nanoTime();
  private long nextNanos = startNanos + INTERVAL.toNanos();

  PlainProgress(PrintWriter err, String task, String unit, long total) {
    this.err = err;
    this.task = task;
    this.unit = unit;
    this.total = total;
  }

  @Override
  public synchronized void at(long done) {
    long now = System.nanoTime();
    if (now - nextNanos >= 0) {
      nextNanos = now + INTERVAL.toNanos();
      err.println(line(done, (now - startNanos) / 1e9));
    }
  }

  String line(long done, double seconds) {
    double rate = done / seconds;
    return done == 0
        ? "%s: 0 of %,d %s".formatted(task, total, unit)
        : "%s: %,d of %,d %s, %,.0f/s, %,.0f s left"
            .formatted(task, done, total, unit, rate, (total - done) / rate);
  }

  @Override
  public void close() {}
}
