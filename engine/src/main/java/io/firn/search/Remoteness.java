package io.firn.search;

import io.firn.Metric;
import io.firn.hnsw.NodeLinks;
import java.util.Arrays;

/**
 * Tells which queries lie far from the rows a walk found for them, compared with how near rows are
 * to one another. The nearest rows of such a query lie at the edges of several clusters; a walk can
 * be calm at one of them and know nothing of the others. Reusable scratch; for one thread.
 */
final class Remoteness {

  /**
   * By how many times farther the query is. For 1,000 queries of glove-100 the greatest was 1.32,
   * for 20 from outside of rows in clusters the least 1.42.
   */
  private static final double FAR = 1.4;

  /** Links of a row whose lengths are taken; to read all 32 rows takes long. */
  private static final int LINKS = 8;

  /** Rows whose links are usual: among copies of one row, or nearly, those of one row are short. */
  private static final int USUAL_ROWS = 31;

  private final float[] lengths = new float[LINKS];
  private final double[] usual = new double[USUAL_ROWS];
  private int[] linked = new int[0];

  /**
   * True if a query is far from a row, by the lengths of its links and by those of usual rows.
   * Never under DOT, where distances are no lengths.
   *
   * @param distance of the query from the row, as walks compare it
   */
  boolean far(RowLayout layout, Segment segment, int ordinal, float distance) {
    if (layout.metric() == Metric.DOT) {
      return false;
    }
    double length = length(distance);
    return length > FAR * link(layout, segment, ordinal)
        && length > FAR * usualLink(layout, segment);
  }

  /** Under COSINE distances are half of squared lengths, all of them. */
  private static double length(float distance) {
    return Math.sqrt(Math.max(0, distance));
  }

  private double usualLink(RowLayout layout, Segment segment) {
    long rows = segment.linked();
    for (int i = 0; i < USUAL_ROWS; i++) {
      usual[i] = link(layout, segment, (int) (rows * i / USUAL_ROWS));
    }
    Arrays.sort(usual);
    return usual[USUAL_ROWS / 2];
  }

  /** Average length of a row's links; 0 if it has none. */
  private double link(RowLayout layout, Segment segment, int ordinal) {
    int count = links(segment, ordinal);
    Distances.between(layout, segment.rows()).distances(ordinal, linked, lengths, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += length(lengths[i]);
    }
    return count == 0 ? 0 : sum / count;
  }

  /** Some of a row's links, spread over all; how many. None that a damaged file made up. */
  private int links(Segment segment, int ordinal) {
    NodeLinks links = segment.links();
    if (linked.length < links.degree()) {
      linked = new int[links.degree()];
    }
    int found = links.neighbours(ordinal, linked);
    int count = 0;
    for (int i = 0; i < found && count < LINKS; i += Math.max(1, found / LINKS)) {
      if (linked[i] >= 0 && linked[i] < segment.linked()) {
        linked[count++] = linked[i];
      }
    }
    return count;
  }
}
