package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchRunTest {

  @Test
  void candidatesWithinADistanceDoNotOverflow() {
    assertThat(SearchRun.wide(10)).isEqualTo(40);
    assertThat(SearchRun.wide(600_000_000)).as("every row").isEqualTo(Integer.MAX_VALUE);
  }
}
