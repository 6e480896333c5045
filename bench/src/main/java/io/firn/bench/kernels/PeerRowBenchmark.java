package io.firn.bench.kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** The peers' kernels on the data of {@link FloatRowBenchmark}, as arrays on the heap. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RowOrder.BATCH)
public class PeerRowBenchmark {

  /** Squared L2 of Lucene. */
  @Benchmark
  public float luceneSquaredL2(HeapRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += org.apache.lucene.util.VectorUtil.squareDistance(data.query, data.rows[order.rows[i]]);
    }
    return sum;
  }

  /** Inner product of Lucene. */
  @Benchmark
  public float luceneProduct(HeapRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += org.apache.lucene.util.VectorUtil.dotProduct(data.query, data.rows[order.rows[i]]);
    }
    return sum;
  }

  /** Squared L2 of JVector. */
  @Benchmark
  public float jvectorSquaredL2(HeapRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum +=
          io.github.jbellis.jvector.vector.VectorUtil.squareL2Distance(
              data.jvectorQuery, data.jvectorRows[order.rows[i]]);
    }
    return sum;
  }

  /** Inner product of JVector. */
  @Benchmark
  public float jvectorProduct(HeapRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum +=
          io.github.jbellis.jvector.vector.VectorUtil.dotProduct(
              data.jvectorQuery, data.jvectorRows[order.rows[i]]);
    }
    return sum;
  }
}
