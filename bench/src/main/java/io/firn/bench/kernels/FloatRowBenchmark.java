package io.firn.bench.kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds of one float32 row against a query. Rows are independent, so loads overlap as far as
 * the machine can: not a proxy for a graph walk, whose next address depends on the last row.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@OperationsPerInvocation(RowOrder.BATCH)
public class FloatRowBenchmark {

  /** Row by row, the query in native memory. */
  @Benchmark
  public float oneRow(NativeRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += data.forms.one().of(data.query, 0, data.rows, data.at(order.rows[i]), data.padded);
    }
    return sum;
  }

  /** Row by row, the query in an array. */
  @Benchmark
  public float oneRowByArray(NativeRows data, RowOrder order) {
    float sum = 0;
    int from = order.next();
    for (int i = from; i < from + RowOrder.BATCH; i++) {
      sum += data.forms.oneByArray().of(data.array, data.rows, data.at(order.rows[i]), data.padded);
    }
    return sum;
  }

  /** Four rows at a time. */
  @Benchmark
  public float fourRows(NativeRows data, RowOrder order, Results results) {
    int from = order.next();
    for (int i = 0; i < RowOrder.BATCH; i += 4) {
      data.forms
          .four()
          .of(
              data.query,
              0,
              data.rows,
              data.at(order.rows[from + i]),
              data.rows,
              data.at(order.rows[from + i + 1]),
              data.rows,
              data.at(order.rows[from + i + 2]),
              data.rows,
              data.at(order.rows[from + i + 3]),
              data.padded,
              results.floats,
              i);
    }
    return results.floats[0];
  }

  /** A list of 64 rows, the query in an array. */
  @Benchmark
  public float gathered(NativeRows data, RowOrder order, Results results) {
    System.arraycopy(order.rows, order.next(), results.ids, 0, RowOrder.BATCH);
    data.forms
        .gathered()
        .of(
            data.array,
            data.rows,
            0,
            data.strideBytes,
            results.ids,
            RowOrder.BATCH,
            data.padded,
            results.floats);
    return results.floats[0];
  }
}
