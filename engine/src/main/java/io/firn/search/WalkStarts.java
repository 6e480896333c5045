package io.firn.search;

import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import io.firn.store.PageRequests;
import java.util.Arrays;

/**
 * The nodes that a walk starts from: the best few of the seeds, by their codes. Reusable scratch;
 * one thread at a time.
 */
final class WalkStarts {

  /**
   * Fewest and most nodes that a walk starts from. The nearest rows of a query that is far from all
   * of them lie on several sides: of 100,000 rows in clusters 64 candidates from 8 starts found
   * .80, from 64 .87. But to choose 32 takes 5 of 35 µs more than to choose 8, so those with few
   * candidates, which are in a hurry, do with fewer.
   */
  private static final int LEAST = 8;

  private static final int MOST = 32;
  private static final int CANDIDATES_PER_START = 4;

  private final int[] nodes = new int[MOST];
  private final float[] estimates = new float[MOST];
  private final int[] found = new int[CodeBlock.RESULT_CAPACITY];
  private final float[] foundEstimates = new float[CodeBlock.RESULT_CAPACITY];

  /**
   * Chooses among all seeds.
   *
   * @param shared what all estimates have in common
   * @param ef candidates of the walk
   * @return how many; all of them if there are only few
   */
  int choose(NodeRecordFile file, CodeBlock block, CodeQuery codes, float shared, int ef) {
    int most = Math.clamp(ef / CANDIDATES_PER_START, LEAST, MOST);
    int count = 0;
    float worst = Float.POSITIVE_INFINITY;
    for (int i = 0; i < file.seedRecords(); i++) {
      file.requireSound(file.size() + i);
      long at = ((long) file.size() + i) * file.layout().strideBytes();
      int near = block.below(file.records(), at, codes, shared, worst, found, foundEstimates);
      for (int j = 0; j < near; j++) {
        count = keep(count, most, found[j], foundEstimates[j]);
      }
      worst = count < most ? Float.POSITIVE_INFINITY : estimates[most - 1];
    }
    return count;
  }

  /** Has all seeds read ahead. */
  void ask(NodeRecordFile file, PageRequests requests) {
    for (int i = 0; i < file.seedRecords(); i++) {
      file.ask(requests, file.size() + i);
    }
  }

  /** Inserts in order of distance; the worst falls out. */
  private int keep(int count, int most, int node, float distance) {
    int at = Arrays.binarySearch(estimates, 0, count, distance);
    int place = at < 0 ? -at - 1 : at;
    if (place >= most) {
      return count;
    }
    int kept = Math.min(count, most - 1);
    System.arraycopy(nodes, place, nodes, place + 1, kept - place);
    System.arraycopy(estimates, place, estimates, place + 1, kept - place);
    nodes[place] = node;
    estimates[place] = distance;
    return kept + 1;
  }

  /** What was chosen last, nearest first. */
  int[] nodes() {
    return nodes;
  }

  /** Estimated distances of {@link #nodes}. */
  float[] estimates() {
    return estimates;
  }
}
