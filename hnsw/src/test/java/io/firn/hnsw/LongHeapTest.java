package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongHeapTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void agreesWithPriorityQueue(long seed) {
    var random = new SplittableRandom(seed);
    var heap = new LongHeap();
    var model = new PriorityQueue<Long>();
    for (int i = 0; i < 20_000; i++) {
      int action = random.nextInt(5);
      long value = random.nextLong(1000) - 500;
      if (action < 3) {
        heap.push(value);
        model.add(value);
      } else if (action == 3 && !model.isEmpty()) {
        assertThat(heap.pop()).isEqualTo(model.remove());
      } else if (!model.isEmpty()) {
        heap.replaceTop(value);
        model.remove();
        model.add(value);
      }
      assertThat(heap.size()).isEqualTo(model.size());
      if (!model.isEmpty()) {
        assertThat(heap.top()).isEqualTo(model.element());
      }
    }
  }
}
