package io.firn.bench.measure;

import com.sun.management.ThreadMXBean;
import io.firn.bench.engine.AnnSearcher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/** One searching thread: takes the next query until none is left, and keeps the answers. */
final class QueryWorker implements Callable<Pass> {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MAX_LATENCY_NANOS = 3_600_000_000_000L;

  private final AnnSearcher searcher;
  private final float[][] queries;
  private final Asked asked;
  private final int knob;
  private final AtomicInteger next;

  QueryWorker(AnnSearcher searcher, float[][] queries, Asked asked, int knob, AtomicInteger next) {
    this.searcher = searcher;
    this.queries = queries;
    this.asked = asked;
    this.knob = knob;
    this.next = next;
  }

  @Override
  public Pass call() throws IOException {
    int[] ids = new int[Math.max(knob, asked.k())];
    Histogram latencies = new Histogram(MAX_LATENCY_NANOS, 3);
    long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
    long cpuBefore = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    for (int q = next.getAndIncrement(); q < queries.length; q = next.getAndIncrement()) {
      long began = System.nanoTime();
      int count = searcher.search(queries[q], asked.k(), knob, ids);
      latencies.recordValue(System.nanoTime() - began);
      asked.keep(q, ids, count);
    }
    long nanos = System.nanoTime() - start;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
    long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpuBefore;
    return new Pass(nanos, cpuNanos, allocated, latencies);
  }
}
