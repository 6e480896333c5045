package io.firn.bench.measure;

import io.firn.bench.data.DataSet;

/** What all rows of one set in one run have in common. */
record RowFacts(String dataset, String metric, int rows, int dimension, int k, int searchThreads) {

  static RowFacts of(DataSet set, int k, int searchThreads) {
    return new RowFacts(
        set.label(), set.metric().word(), set.baseCount(), set.dimension(), k, searchThreads);
  }
}
