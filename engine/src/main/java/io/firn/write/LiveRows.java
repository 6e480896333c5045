package io.firn.write;

import io.firn.search.CollectionView;
import io.firn.search.Rows;
import io.firn.search.SegmentView;
import java.io.IOException;
import java.util.List;

/**
 * The rows of some segments that are alive in one view, in the order of their row numbers: what a
 * new segment is made of. Valid while the snapshot of the view is held.
 */
record LiveRows(CollectionView view, List<SegmentView> segments) {

  /** Sees one row. */
  interface Visitor {
    void row(Rows rows, int ordinal, int rowNumber) throws IOException;
  }

  int count() throws IOException {
    var count = new int[1];
    forEach((_, _, _) -> count[0]++);
    return count[0];
  }

  void forEach(Visitor visitor) throws IOException {
    for (SegmentView seen : segments) {
      Rows rows = seen.segment().rows();
      for (int ordinal = 0; ordinal < seen.rowCount(); ordinal++) {
        int rowNumber = seen.segment().rowNumber(ordinal);
        if (view.alive(rowNumber)) {
          visitor.row(rows, ordinal, rowNumber);
        }
      }
    }
  }
}
