package io.firn.search;

import io.firn.CollectionSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One collection at one sequence number. Immutable; what it refers to stays valid while its {@link
 * Snapshot} is pinned.
 *
 * @param sequence of the commit that made this view
 * @param nextRowNumber row numbers below it were given before this view
 * @param liveRows rows alive
 * @param segments oldest first
 */
public record CollectionView(
    CollectionSpec spec,
    long sequence,
    int nextRowNumber,
    long liveRows,
    List<SegmentView> segments,
    Deletions deletions,
    Revisions revisions,
    PlanCosts costs) {

  public RowLayout layout() {
    return new RowLayout(spec.dimension(), spec.metric());
  }

  /** True if the row is alive in this view. */
  public boolean alive(int rowNumber) {
    return deletions.alive(rowNumber, sequence);
  }

  /** True if a row of the collection was ever deleted or replaced. */
  boolean anyDead() {
    return deletions.any();
  }

  /** True if no row of a segment is dead in this view. */
  public boolean allAlive(SegmentView seen) {
    if (!anyDead()) {
      return true;
    }
    for (int ordinal = 0; ordinal < seen.rowCount(); ordinal++) {
      if (!alive(seen.segment().rowNumber(ordinal))) {
        return false;
      }
    }
    return true;
  }

  /** The vector of a row that is alive in this view. */
  public float[] vector(int rowNumber) {
    Segment segment = segmentOf(rowNumber);
    return layout().read(segment.rows(), segment.ordinalOf(rowNumber));
  }

  /**
   * The distance of a row that is alive in this view, as the user sees it. A walk computes several
   * at once and may differ in the last bit, depending on which; this one depends on no other row,
   * only on whether the kernel runs compiled yet: lanes may then be summed in another order.
   *
   * @param query padded
   */
  public float distance(float[] query, int rowNumber) {
    Segment segment = segmentOf(rowNumber);
    int ordinal = segment.ordinalOf(rowNumber);
    return Distances.shown(spec.metric(), Distances.one(layout(), query, segment.rows(), ordinal));
  }

  /**
   * Puts rows in the order of their exact distances as the user sees them, then of their numbers.
   *
   * @param query padded
   * @param rowNumbers of rows that are alive in this view, nearly in order already
   * @param distances receives the exact ones
   */
  public void order(float[] query, int[] rowNumbers, float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      int rowNumber = rowNumbers[i];
      float distance = distance(query, rowNumber);
      int at = i;
      while (at > 0 && isBehind(distances[at - 1], rowNumbers[at - 1], distance, rowNumber)) {
        distances[at] = distances[at - 1];
        rowNumbers[at] = rowNumbers[at - 1];
        at--;
      }
      distances[at] = distance;
      rowNumbers[at] = rowNumber;
    }
  }

  private static boolean isBehind(float distance, int rowNumber, float other, int otherNumber) {
    return distance > other || (distance == other && rowNumber > otherNumber);
  }

  /** The segment of a row that is alive in this view. */
  public Segment segmentOf(int rowNumber) {
    Segment segment = findSegment(rowNumber);
    if (segment == null) {
      throw new IllegalStateException(
          "row %d is alive at sequence %d but in no segment".formatted(rowNumber, sequence));
    }
    return segment;
  }

  /** True if there is such a row and it is alive in this view; for any number. */
  public boolean holds(int rowNumber) {
    return rowNumber >= 0 && alive(rowNumber) && findSegment(rowNumber) != null;
  }

  private @Nullable Segment findSegment(int rowNumber) {
    for (int i = 0; i < segments.size(); i++) { // for each result: no iterator
      SegmentView view = segments.get(i);
      int ordinal = view.segment().ordinalOf(rowNumber);
      if (ordinal >= 0 && ordinal < view.rowCount()) {
        return view.segment();
      }
    }
    return null;
  }
}
