package io.firn.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowSetTest {

  private static final int ROWS = 3 * RowSet.BLOCK_ROWS + 77;
  private static final long SEED = 9;

  /** What a set says one by one, in any range and in pieces of any size. */
  @Test
  void copiesTheMembersOfARange() {
    var random = new Random(SEED);
    var set = new RowSet(ROWS);
    int[] corners = {0, 63, 64, RowSet.BLOCK_ROWS - 1, RowSet.BLOCK_ROWS, ROWS - 1};
    for (int row : corners) {
      set.add(row);
    }
    for (int i = 0; i < 3_000; i++) { // the second block stays empty but for the corners
      int row = random.nextInt(ROWS);
      set.add(row >>> RowSet.BLOCK_BITS == 1 ? 0 : row);
    }
    for (int run = 0; run < 2_000; run++) {
      int from = run % 3 == 0 ? corners[run % corners.length] : random.nextInt(ROWS);
      int to = Math.min(ROWS, from + random.nextInt(run % 2 == 0 ? 200 : ROWS));
      int[] expected = IntStream.range(from, to).filter(set::contains).toArray();
      var found = IntStream.builder();
      int[] piece = new int[1 + random.nextInt(300)];
      int next = from;
      int count = piece.length;
      while (count == piece.length) {
        count = set.copy(next, to, piece);
        IntStream.of(piece).limit(count).forEach(found::add);
        next = count == 0 ? next : piece[count - 1] + 1;
      }
      assertThat(found.build().toArray()).as("%d..%d, seed %d", from, to, SEED).isEqualTo(expected);
    }
  }
}
