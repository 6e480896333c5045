package io.firn;

import io.firn.search.CollectionView;
import io.firn.search.Segment;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.write.CollectionState;
import io.firn.write.Engine;
import io.firn.write.Fields;
import io.firn.write.RowRecord;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Walks the rows of one snapshot, segment by segment. */
final class Scan extends Spliterators.AbstractSpliterator<Row> {

  private static final int BLOCK_ROWS = 256;

  private final Engine engine;
  private final CollectionState state;
  private final CollectionView view;
  private final int[] rowNumbers = new int[BLOCK_ROWS];
  private final int[] ordinals = new int[BLOCK_ROWS];
  private java.util.List<RowRecord> records = java.util.List.of();
  private int segmentIndex;
  private int nextOrdinal;
  private int inBlock;
  private Segment blockSegment;

  private Scan(Collection collection, CollectionView view) {
    super(view.liveRows(), Spliterator.SIZED | Spliterator.ORDERED | Spliterator.NONNULL);
    this.engine = collection.engine();
    this.state = collection.state();
    this.view = view;
    this.blockSegment = view.segments().getFirst().segment();
  }

  static Stream<Row> of(Collection collection) {
    Snapshot snapshot = collection.engine().snapshots().pin();
    var scan = new Scan(collection, collection.view(snapshot));
    return StreamSupport.stream(scan, false).onClose(once(snapshot));
  }

  /** Closing a stream twice must unpin once. */
  private static Runnable once(Snapshot snapshot) {
    var closed = new java.util.concurrent.atomic.AtomicBoolean();
    return () -> {
      if (!closed.getAndSet(true)) {
        snapshot.close();
      }
    };
  }

  @Override
  public boolean tryAdvance(Consumer<? super Row> action) {
    if (inBlock == records.size() && !readBlock()) {
      return false;
    }
    RowRecord row = records.get(inBlock);
    float[] vector = view.layout().read(blockSegment.rows(), ordinals[inBlock]);
    inBlock++;
    action.accept(new Row(row.id(), vector, row.metadata()));
    return true;
  }

  private boolean readBlock() {
    int count = 0;
    while (count == 0 && segmentIndex < view.segments().size()) {
      SegmentView seen = view.segments().get(segmentIndex);
      blockSegment = seen.segment();
      count = fill(seen);
      if (nextOrdinal == seen.rowCount()) {
        segmentIndex++;
        nextOrdinal = 0;
      }
    }
    int[] found = java.util.Arrays.copyOf(rowNumbers, count);
    records = engine.rows().records(state, view, found, Fields.ALL);
    inBlock = 0;
    return count > 0;
  }

  private int fill(SegmentView seen) {
    int count = 0;
    while (count < BLOCK_ROWS && nextOrdinal < seen.rowCount()) {
      int rowNumber = seen.segment().rowNumber(nextOrdinal);
      if (view.alive(rowNumber)) {
        rowNumbers[count] = rowNumber;
        ordinals[count++] = nextOrdinal;
      }
      nextOrdinal++;
    }
    return count;
  }
}
