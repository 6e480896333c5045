package io.firn.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Starts operations at the moments a rate demands, whatever became of earlier ones, and measures
 * each from the moment it should have started. A stall is thus seen by all operations it delays (no
 * coordinated omission; Tene, "How NOT to measure latency").
 */
final class OpenLoop {

  private static final long MAX_LATENCY_NANOS = 3_600_000_000_000L;
  private static final long SPIN_NANOS = 100_000;

  private final double perSecond;
  private final long nanos;
  private final int threads;
  private final AtomicLong next = new AtomicLong();

  OpenLoop(double perSecond, long nanos, int threads) {
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.threads = threads;
  }

  /** One operation; {@code number} counts from 0. */
  @FunctionalInterface
  interface Operation {
    void run(long number);
  }

  /** Runs from {@code startNanos} on, for the whole time; returns the latencies in nanoseconds. */
  Histogram run(long startNanos, Operation operation)
      throws InterruptedException, ExecutionException {
    Histogram all = new Histogram(MAX_LATENCY_NANOS, 3);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Histogram>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(() -> work(startNanos, operation)));
      }
      for (Future<Histogram> worker : workers) {
        all.add(worker.get());
      }
    }
    return all;
  }

  private Histogram work(long startNanos, Operation operation) {
    Histogram latencies = new Histogram(MAX_LATENCY_NANOS, 3);
    double periodNanos = 1e9 / perSecond;
    while (true) {
      long number = next.getAndIncrement();
      long due = startNanos + (long) (number * periodNanos);
      if (due - startNanos >= nanos) {
        return latencies;
      }
      waitUntil(due);
      operation.run(number);
      latencies.recordValue(Math.min(MAX_LATENCY_NANOS, System.nanoTime() - due));
    }
  }

  private static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      if (left > SPIN_NANOS) {
        LockSupport.parkNanos(left - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
