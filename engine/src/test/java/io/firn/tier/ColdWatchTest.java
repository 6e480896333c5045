package io.firn.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.Temperature;
import org.junit.jupiter.api.Test;

class ColdWatchTest {

  private static final long TICK_NANOS = 200_000_000;

  private final Temperature temperature = new Temperature();
  private final ColdWatch watch = new ColdWatch(temperature);
  private long nowNanos;

  private void look(boolean reading) {
    nowNanos += TICK_NANOS;
    watch.look(reading, nowNanos);
  }

  @Test
  void nothingIsColdWhereNothingIsRead() {
    for (int i = 0; i < 1_000; i++) {
      look(false);
      assertThat(temperature.cold()).isFalse();
    }
  }

  @Test
  void staysColdWhileRecordsAreMissing() {
    look(true);
    for (int i = 0; i < 100; i++) {
      assertThat(temperature.cold()).isTrue();
      temperature.note(1_000, 5);
      look(i % 2 == 0);
    }
    assertThat(temperature.cold()).isTrue();
  }

  /** A file that is partly in memory costs nothing as long as searches need no other part. */
  @Test
  void isSuspectedEverLessOftenWhileNothingIsMissing() {
    int suspected = 0;
    for (int i = 0; i < 3_000; i++) { // ten minutes in which somebody else reads
      suspected += temperature.cold() ? 1 : 0;
      temperature.note(temperature.cold() ? 1_000 : 0, 0);
      look(true);
    }
    assertThat(suspected).isBetween(5, 20);
  }

  @Test
  void oneMissingAmongThousandsIsNotCold() {
    look(true);
    temperature.note(1_000, 1);
    look(true);
    assertThat(temperature.cold()).isFalse();
  }

  @Test
  void isNotColdWhenNobodySearches() {
    look(true);
    look(false);
    assertThat(temperature.cold()).isFalse();
    look(true);
    assertThat(temperature.cold()).isTrue(); // and is suspected at once when somebody does
  }

  @Test
  void aFewRecordsSayNothing() {
    look(true);
    temperature.note(50, 0);
    look(true);
    assertThat(temperature.cold()).isTrue();
    temperature.note(50, 0);
    look(true);
    assertThat(temperature.cold()).isFalse();
  }
}
