package io.firn.bench.kernels;

import io.firn.simd.InnerProduct;
import io.firn.simd.SquaredL2;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * Nanoseconds of one float32 row against a query. Rows are independent, so loads overlap as far as
 * the machine can: not a proxy for a graph walk, whose next address depends on the last row.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RowOrder.BATCH)
public class FloatRowBenchmark {

  /** Squared L2 row by row. */
  @Benchmark
  public float squaredL2(NativeRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += SquaredL2.distance(data.query, data.rows, data.at(order.rows[i]), data.padded);
    }
    return sum;
  }

  /** Squared L2 four rows at a time. */
  @Benchmark
  public float squaredL2Four(NativeRows data, RowOrder order, Results results) {
    int from = order.next();
    for (int i = 0; i < RowOrder.BATCH; i += 4) {
      SquaredL2.distance4(
          data.query,
          data.rows,
          data.at(order.rows[from + i]),
          data.at(order.rows[from + i + 1]),
          data.at(order.rows[from + i + 2]),
          data.at(order.rows[from + i + 3]),
          data.padded,
          results.floats,
          i);
    }
    return results.floats[0];
  }

  /** Inner product row by row. */
  @Benchmark
  public float product(NativeRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += InnerProduct.product(data.query, data.rows, data.at(order.rows[i]), data.padded);
    }
    return sum;
  }
}
