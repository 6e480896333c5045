package io.firn.hnsw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The set of nodes visited, against a {@link BitSet}. */
class VisitedSetTest {

  @Test
  void isASetThatIsEmptiedAndGrows() {
    Random random = new Random(26);
    VisitedSet set = new VisitedSet();
    for (int size : new int[] {1, 64, 65, 3, 1_000, 1_001, 70, 10_000, 10_000, 9_000, 10_000}) {
      set.clear(size);
      BitSet oracle = new BitSet();
      for (int i = 0; i < Math.min(size, 300); i++) { // far fewer than nodes, as in a search
        int node = random.nextInt(size);
        assertEquals(oracle.get(node), set.contains(node), "before, of " + size);
        assertEquals(!oracle.get(node), set.add(node), "added, of " + size);
        oracle.set(node);
      }
      for (int node = 0; node < size; node++) {
        assertEquals(oracle.get(node), set.contains(node), "in the end, of " + size);
      }
    }
  }
}
