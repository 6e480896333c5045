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
    @Nullable Double deletedShare) {

  static RowFacts of(DataSet set, AnnPlan plan) {
    return new RowFacts(
        set.label(),
        set.metric().word(),
        set.baseCount(),
        set.dimension(),
        plan.k(),
        plan.search().threads(),
        plan.search().deleteShare() == 0 ? null : plan.search().deleteShare());
  }
}
