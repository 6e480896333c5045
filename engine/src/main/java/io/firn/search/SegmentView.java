package io.firn.search;

import io.firn.index.RowSet;
import java.util.function.IntConsumer;

/**
 * A segment as one snapshot sees it.
 *
 * @param rowCount rows a reader may touch; later ones belong to later snapshots
 */
public record SegmentView(Segment segment, int rowCount) {

  /**
   * Visits the rows that are members of a set, dead ones too. A set may have row numbers that are
   * in no segment any more; this passes over them.
   *
   * @param from the first ordinal
   * @param visitor gets ordinals, ascending
   */
  public void forEachMember(RowSet members, int from, IntConsumer visitor) {
    int ordinal = from;
    while (ordinal < rowCount) {
      int member = members.next(segment.rowNumber(ordinal));
      if (member < 0) {
        return;
      }
      ordinal = ordinalAtLeast(ordinal, member);
      if (ordinal < rowCount && segment.rowNumber(ordinal) == member) {
        visitor.accept(ordinal++);
      }
    }
  }

  /**
   * The first ordinal from one on whose row number is not below another. Row numbers ascend, most
   * often without a gap, so the first guess is most often right.
   */
  private int ordinalAtLeast(int from, int rowNumber) {
    int high = (int) Math.min(rowCount, from + ((long) rowNumber - segment.rowNumber(from)));
    if (high < rowCount && segment.rowNumber(high) == rowNumber) {
      return high;
    }
    int low = from;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segment.rowNumber(middle) < rowNumber) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
