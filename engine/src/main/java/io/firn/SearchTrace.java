package io.firn;

import io.firn.Explanation.SegmentPlan;
import io.firn.index.RowSet;
import io.firn.write.Records;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run notes of itself for {@link Search#explain}. One thread. */
final class SearchTrace {

  private List<SegmentPlan> segments = List.of();
  private long matchingRows = -1;
  private long filterNanos;
  private long searchNanos;
  private long filterBytes;
  private @Nullable Filter unindexed;

  void filtered(Records.Prepared prepared, long nanos) {
    RowSet rows = prepared.rows();
    matchingRows = rows == null ? -1 : rows.count(0, Integer.MAX_VALUE);
    filterBytes = rows == null ? 0 : rows.bytes();
    filterNanos += nanos;
    unindexed = prepared.unindexed();
  }

  void planned(List<SegmentPlan> plans) {
    segments = plans;
  }

  void searched(long nanos) {
    searchNanos += nanos;
  }

  Explanation explanation(int hits) {
    return new Explanation(
        hits, segments, matchingRows, filterNanos, searchNanos, filterBytes, unindexed);
  }
}
