package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffortTest {

  @Test
  void restlessWalksAreRepeatedTwiceAsWideUpToALimit() {
    Effort effort = Effort.untilCalm(10);
    assertThat(effort.wider(64, 1.9)).isEqualTo(128);
    assertThat(effort.wider(64, 2)).as("calm").isZero();
    assertThat(effort.wider(32 * 64, 1)).as("wide enough").isZero();
    assertThat(Effort.exactly(64).wider(64, 1)).as("one walk").isZero();
    assertThat(effort.allows(32 * 64)).isTrue();
    assertThat(effort.allows(32 * 64 + 1)).isFalse();
  }

  @Test
  void candidatesDoNotOverflow() {
    Effort effort = Effort.untilCalm(Integer.MAX_VALUE / 2 + 1);
    assertThat(effort.wider(effort.ef(), 1)).isEqualTo(Integer.MAX_VALUE);
    assertThat(effort.allows(Integer.MAX_VALUE)).isTrue();
    assertThat(SealedSegment.ranked(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }
}
