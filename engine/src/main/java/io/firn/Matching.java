package io.firn;

import io.firn.index.RowSet;
import io.firn.search.CollectionView;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.write.Engine;
import io.firn.write.Operation;
import io.firn.write.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All rows of a collection that pass a filter, without a query that orders them. */
final class Matching {

  private Matching() {}

  static long count(Collection collection, Filter filter) {
    long[] count = {0};
    forEach(collection, filter, _ -> count[0]++);
    return count[0];
  }

  /** One operation for each row that passes now; the writer asks the filter again. */
  static List<Operation> rows(Collection collection, Filter filter) {
    var rows = new ArrayList<Operation>();
    forEach(
        collection,
        filter,
        rowNumber -> rows.add(new Operation.DeleteMatching(collection.state(), rowNumber, filter)));
    return rows;
  }

  private static void forEach(Collection collection, Filter filter, IntConsumer action) {
    Engine engine = collection.engine();
    try (Snapshot snapshot = engine.snapshots().pin()) {
      CollectionView view = collection.view(snapshot);
      engine
          .rows()
          .reading(
              collection.state(),
              view,
              records -> {
                Records.Prepared prepared = records.prepare(filter);
                IntPredicate passes = view::alive;
                if (prepared.unindexed() != null) {
                  passes = passes.and(records.matching(prepared.unindexed()));
                }
                for (SegmentView seen : view.segments()) {
                  forEach(seen, prepared.rows(), passes, action);
                }
                return true;
              });
    }
  }

  private static void forEach(
      SegmentView seen, @Nullable RowSet rows, IntPredicate passes, IntConsumer action) {
    IntConsumer visitor =
        ordinal -> {
          int rowNumber = seen.segment().rowNumber(ordinal);
          if (passes.test(rowNumber)) {
            action.accept(rowNumber);
          }
        };
    if (rows != null) {
      seen.forEachMember(rows, visitor);
    } else {
      IntStream.range(0, seen.rowCount()).forEach(visitor);
    }
  }
}
