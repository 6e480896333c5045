package io.firn.write;

import io.firn.index.IndexedFilter;
import io.firn.search.CollectionView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A view as indexes see it. */
record IndexedRows(CollectionView view) implements IndexedFilter.Rows {

  @Override
  public long sequence() {
    return view.sequence();
  }

  @Override
  public int count() {
    return view.nextRowNumber();
  }

  @Override
  public int @Nullable [] changedSince(int block, long sequence) {
    return view.revisions().changedSince(block, sequence);
  }

  @Override
  public int[] revised() {
    return Arrays.stream(view.revisions().revised(view.sequence()))
        .filter(row -> row < count())
        .toArray();
  }

  @Override
  public boolean alive(int rowNumber) {
    return view.alive(rowNumber);
  }
}
