package io.firn.search;

import io.firn.index.RowSet;
import java.util.function.IntConsumer;

/**
 * A segment as one snapshot sees it.
 *
 * @param rowCount rows a reader may touch; later ones belong to later snapshots
 */
public record SegmentView(Segment segment, int rowCount) {

  private static final int VISITED_ROWS = 256;

  /**
   * Visits the rows that are members of a set, dead ones too.
   *
   * @param visitor gets ordinals, ascending
   */
  public void forEachMember(RowSet members, IntConsumer visitor) {
    int[] ordinals = new int[VISITED_ROWS];
    int count = members(members, 0, ordinals);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        visitor.accept(ordinals[i]);
      }
      count = members(members, ordinals[count - 1] + 1, ordinals);
    }
  }

  /**
   * Ordinals of the rows that are members of a set, dead ones too. A set may have row numbers that
   * are in no segment any more; this passes over them.
   *
   * @param from the first ordinal to look at
   * @param ordinals receives them, ascending, as many as it has room
   * @return how many; 0 if there are no more
   */
  int members(RowSet members, int from, int[] ordinals) {
    if (from >= rowCount) {
      return 0;
    }
    int end = segment.rowNumber(rowCount - 1) + 1;
    int next = segment.rowNumber(from);
    while (true) {
      int copied = members.copy(next, end, ordinals);
      int kept = toOrdinals(from, ordinals, copied);
      if (kept > 0 || copied < ordinals.length) {
        return kept;
      }
      next = ordinals[copied - 1] + 1; // none of them was replaced
    }
  }

  /** Puts ordinals in the place of ascending row numbers, leaving out what is not here. */
  private int toOrdinals(int from, int[] rowNumbers, int count) {
    int first = segment.rowNumber(0);
    if (segment.rowNumber(rowCount - 1) - first == rowCount - 1) {
      for (int i = 0; i < count; i++) {
        rowNumbers[i] -= first;
      }
      return count;
    }
    int kept = 0;
    int ordinal = from;
    for (int i = 0; i < count; i++) {
      ordinal = ordinalAtLeast(ordinal, rowNumbers[i]);
      if (segment.rowNumber(ordinal) == rowNumbers[i]) {
        rowNumbers[kept++] = ordinal;
      }
    }
    return kept;
  }

  /**
   * The first ordinal from one on whose row number is not below another. Row numbers ascend, most
   * often without a gap, so the first guess is most often right.
   */
  private int ordinalAtLeast(int from, int rowNumber) {
    if (segment.rowNumber(from) >= rowNumber) {
      return from;
    }
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
