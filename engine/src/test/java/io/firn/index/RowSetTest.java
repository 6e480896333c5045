package io.firn.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  /** Blocks that are shown to a set, of all densities, some changed afterwards. */
  @Test
  void shownBlocksSayTheSameAsTheirBits() {
    var random = new Random(SEED);
    for (int run = 0; run < 300; run++) {
      var set = new RowSet(ROWS);
      var expected = new BitSet();
      for (int block = 0; block < 4; block++) {
        set.share(block, bits(random, block, expected));
      }
      set.cut(ROWS);
      expected.clear(ROWS, 4 * RowSet.BLOCK_ROWS);
      for (int change = run % 3 * random.nextInt(4); change > 0; change--) {
        int row = random.nextInt(ROWS);
        if (random.nextBoolean()) {
          set.add(row);
          expected.set(row);
        } else {
          set.remove(row);
          expected.clear(row);
        }
      }
      requireSame(set, expected, random, "run %d, seed %d".formatted(run, SEED));
    }
  }

  /** Random rows of a block: none, a few, or up to all of them. */
  private static @Nullable RowBits bits(Random random, int block, BitSet all) {
    int members = random.nextInt(5) == 0 ? 0 : 1 << random.nextInt(18);
    long[] words = new long[RowSet.BLOCK_WORDS];
    for (int i = 0; i < members; i++) {
      int low = random.nextInt(RowSet.BLOCK_ROWS);
      words[low >>> 6] |= 1L << low;
      all.set((block << RowSet.BLOCK_BITS) + low);
    }
    return members == 0 ? null : new RowBits(words);
  }

  private static void requireSame(RowSet set, BitSet expected, Random random, String note) {
    int from = random.nextInt(ROWS);
    int to = from + random.nextInt(ROWS - from) + 1;
    assertThat(set.next(from)).as(note).isEqualTo(expected.nextSetBit(from));
    assertThat(set.next(0)).as(note).isEqualTo(expected.nextSetBit(0));
    int whole = expected.get(from & -64, Math.min(ROWS, (to + 63) & -64)).cardinality();
    assertThat(set.count(from, to)).as(note).isEqualTo(whole);
    assertThat(set.count(0, ROWS)).as(note).isEqualTo(expected.cardinality());
    int[] copied = new int[ROWS];
    int count = set.copy(from, to, copied);
    int[] members = expected.get(from, to).stream().map(i -> from + i).toArray();
    assertThat(Arrays.copyOf(copied, count)).as(note).isEqualTo(members);
  }
}
