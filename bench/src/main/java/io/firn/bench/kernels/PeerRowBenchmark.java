package io.firn.bench.kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** The peers' kernels on rows like those of {@link FloatRowBenchmark}, as arrays on the heap. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@OperationsPerInvocation(RowOrder.BATCH)
public class PeerRowBenchmark {

  /** Row by row. */
  @Benchmark
  public float oneRow(HeapRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += data.metric.one(data, order.rows[i]);
    }
    return sum;
  }
}
