package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LevelGeneratorTest {

  @ParameterizedTest(name = "m {0}")
  @ValueSource(ints = {2, 8, 16})
  void eachLayerHasOneMthOfTheLayerBelow(int m) {
    var levels = new LevelGenerator(new HnswParams(m, 200, 5));
    int nodes = 400_000;
    int[] onLayer = new int[LevelGenerator.MAX_LEVEL + 1];
    for (int node = 0; node < nodes; node++) {
      onLayer[levels.level(node)]++;
    }
    double above = nodes - onLayer[0];

    assertThat(above / nodes).isCloseTo(1.0 / m, within(0.003));
    assertThat((above - onLayer[1]) / above).isCloseTo(1.0 / m, within(0.01));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
  void staysInRangeForEverySeed(long seed) {
    var levels = new LevelGenerator(new HnswParams(2, 2, seed));
    for (int node = 0; node < 100_000; node++) {
      assertThat(levels.level(node)).isBetween(0, LevelGenerator.MAX_LEVEL);
    }
    assertThat(levels.level(Integer.MAX_VALUE)).isBetween(0, LevelGenerator.MAX_LEVEL);
  }
}
