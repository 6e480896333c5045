package io.firn.write;

import io.firn.search.CollectionView;
import io.firn.search.SealedSegment;
import io.firn.search.SegmentView;
import java.util.List;

/**
 * Which segments to merge next. Neighbours of about one size, as soon as there are three, become
 * one that is three times as large: of {@code n} sealed rows there are at most two segments for
 * each power of three, and a row is rewritten about {@code log3(n / seal)} times. A segment of
 * which a quarter is dead is rewritten alone, so a dead row costs at most three others a rewrite.
 * None becomes larger than can be built in the memory there is.
 */
final class MergePlan {

  private static final int FAN_IN = 3;
  private static final int ROWS_PER_DEAD = 4;

  /** More sealed segments than this, and every search feels it. */
  private static final int MANY = 12;

  private MergePlan() {}

  /** Segments of a view but the last, which takes new rows. */
  static List<SegmentView> settled(CollectionView view) {
    return view.segments().subList(0, view.segments().size() - 1);
  }

  /** Those of them that are in files; the others are younger. */
  private static List<SegmentView> sealed(CollectionView view) {
    return settled(view).stream().filter(seen -> seen.segment() instanceof SealedSegment).toList();
  }

  /** True if merges must not take their time. */
  static boolean behind(CollectionView view) {
    return sealed(view).size() > MANY;
  }

  /**
   * What to put into one segment, oldest first; empty if all is well.
   *
   * @param mostRows of a segment
   */
  static List<SegmentView> next(CollectionView view, int mostRows) {
    List<SegmentView> sealed = sealed(view);
    List<SegmentView> run = alike(sealed, mostRows);
    return run.isEmpty() ? decayed(view, sealed) : run;
  }

  private static List<SegmentView> alike(List<SegmentView> sealed, int mostRows) {
    int end = sealed.size();
    while (end >= FAN_IN) {
      int start = end - 1;
      long largest = sealed.get(start).rowCount();
      long rows = largest;
      while (start > 0
          && sealed.get(start - 1).rowCount() < FAN_IN * largest
          && rows + sealed.get(start - 1).rowCount() <= mostRows) {
        start--;
        rows += sealed.get(start).rowCount();
        largest = Math.max(largest, sealed.get(start).rowCount());
      }
      if (end - start >= FAN_IN) {
        return sealed.subList(start, end);
      }
      end = start;
    }
    return List.of();
  }

  /** Counts the dead of a segment only where all the dead there are could be too many for it. */
  private static List<SegmentView> decayed(CollectionView view, List<SegmentView> sealed) {
    long held = view.segments().stream().mapToLong(SegmentView::rowCount).sum();
    long dead = held - view.liveRows();
    for (SegmentView seen : sealed) {
      if (tooMany(dead, seen) && tooMany(dead(view, seen), seen)) {
        return List.of(seen);
      }
    }
    return List.of();
  }

  private static boolean tooMany(long dead, SegmentView seen) {
    return dead * ROWS_PER_DEAD >= seen.rowCount();
  }

  private static long dead(CollectionView view, SegmentView seen) {
    long dead = 0;
    for (int ordinal = 0; ordinal < seen.rowCount(); ordinal++) {
      dead += view.alive(seen.segment().rowNumber(ordinal)) ? 0 : 1;
    }
    return dead;
  }
}
