package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import org.jspecify.annotations.Nullable;

/** What all rows of one set in one run have in common. */
record RowFacts(
    String dataset,
    String metric,
    int rows,
    int dimension,
    int k,
    int searchThreads,
    @Nullable Double deletedShare,
    @Nullable Long memoryLimitBytes) {

  static RowFacts of(DataSet set, AnnPlan plan, @Nullable Long memoryLimitBytes) {
    return new RowFacts(
        set.label(),
        set.metric().word(),
        set.baseCount(),
        set.dimension(),
        plan.k(),
        plan.threads(),
        plan.deleteShare() == 0 ? null : plan.deleteShare(),
        memoryLimitBytes);
  }
}
