package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedGraphTest {

  private static final Points POINTS = Points.clustered(1200, 8, 12, 41);
  private static final HnswGraph GRAPH = POINTS.graph(new HnswParams(4, 30, 41));
  private static final byte[] BYTES = HnswGraphTest.bytes(GRAPH);

  @Test
  void hasTheListsOfTheGraphItWasWrittenFrom() {
    SealedGraph sealed = SealedGraph.open(MemorySegment.ofArray(BYTES));
    var levels = new LevelGenerator(GRAPH.params());
    int[] expected = new int[8];
    int[] found = new int[8];
    for (int node = 0; node < GRAPH.size(); node++) {
      for (int layer = 0; layer <= levels.level(node); layer++) {
        int count = GRAPH.neighbours(layer, node, expected);
        assertThat(sealed.neighbours(layer, node, found)).isEqualTo(count);
        assertThat(Arrays.copyOf(found, count)).isEqualTo(Arrays.copyOf(expected, count));
      }
    }
    assertThat(sealed.entryPoint()).isEqualTo(GRAPH.entryPoint());
    assertThat(sealed.params()).isEqualTo(GRAPH.params());
    assertThat(sealed.byteSize()).isEqualTo(BYTES.length);
    assertThatCode(sealed::validate).doesNotThrowAnyException();
  }

  @Test
  void opensBytesThatAreLongerThanTheGraph() {
    byte[] longer = Arrays.copyOf(BYTES, BYTES.length + 100);

    assertThatCode(() -> SealedGraph.open(MemorySegment.ofArray(longer)).validate())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 7, 63, 64, 1000})
  void refusesBytesThatAreTooFew(int length) {
    MemorySegment cut = MemorySegment.ofArray(Arrays.copyOf(BYTES, length));

    assertThatExceptionOfType(CorruptGraphException.class).isThrownBy(() -> SealedGraph.open(cut));
    assertThatExceptionOfType(CorruptGraphException.class).isThrownBy(() -> HnswGraph.restore(cut));
  }

  @Test
  void refusesEveryDamagedHeaderByteThatIsInUse() {
    for (int at = 0; at < 64; at++) {
      byte[] damaged = BYTES.clone();
      damaged[at] ^= 0x40;

      assertThatExceptionOfType(CorruptGraphException.class)
          .as("byte %d", at)
          .isThrownBy(() -> SealedGraph.open(MemorySegment.ofArray(damaged)));
    }
  }

  @Test
  void namesNodeAndValueOfADamagedNeighbour() {
    byte[] damaged = BYTES.clone();
    MemorySegment bytes = MemorySegment.ofArray(damaged);
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, 64 + 5 * 8 * 4, 999_999);

    assertThatExceptionOfType(CorruptGraphException.class)
        .isThrownBy(() -> SealedGraph.open(bytes).neighbours(0, 5, new int[8]))
        .withMessage(
            "a neighbour must be 0..1199 but is 999999: the bytes of node 5 are damaged. "
                + "Rebuild the graph from its rows.")
        .satisfies(e -> {
          assertThat(e.node()).isEqualTo(5);
          assertThat(e.value()).isEqualTo(999_999);
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void damageIsFoundByValidateOrHarmless(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = BYTES.clone();
      int hits = 1 + random.nextInt(40);
      for (int i = 0; i < hits; i++) {
        damaged[64 + random.nextInt(damaged.length - 64)] = (byte) random.nextInt();
      }
      SealedGraph sealed = SealedGraph.open(MemorySegment.ofArray(damaged));
      if (isSound(sealed)) {
        assertThat(searches(sealed)).as("seed %d round %d", seed, round).isTrue();
      } else {
        assertThatExceptionOfType(CorruptGraphException.class).isThrownBy(sealed::validate);
        searches(sealed); // typed failure or an answer; anything else ends the test
      }
    }
  }

  private static boolean isSound(SealedGraph sealed) {
    try {
      sealed.validate();
      return true;
    } catch (CorruptGraphException e) {
      return false;
    }
  }

  private static boolean searches(SealedGraph sealed) {
    try {
      int[] nodes = new int[20];
      NodeScorer scorer = POINTS.scorer(POINTS.rows()[10]);
      int count =
          new GraphSearcher().search(sealed, scorer, 1200, node -> true, nodes, new float[20]);
      assertThat(Arrays.stream(nodes, 0, count)).allMatch(node -> node >= 0 && node < 1200);
      return true;
    } catch (CorruptGraphException e) {
      return false;
    }
  }
}
