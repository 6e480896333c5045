package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which queries are checked, by a clock of the test's. */
class CheckDrawTest {

  private static final long PAUSE_NANOS = 100_000_000;
  private static final int KINDS = 10;

  private final CheckDraw draw = new CheckDraw(0);
  private final Random random = new Random(5);
  private long nowNanos;

  private boolean ask(long nanos) {
    boolean due = draw.due(new float[] {random.nextFloat(), random.nextFloat()}, nowNanos);
    if (due) {
      draw.pauseUntil(nowNanos + PAUSE_NANOS + random.nextInt(1_000_000));
      draw.checked();
    }
    nowNanos += nanos;
    return due;
  }

  /** One in ten is slow; the one behind it would be taken 90 times of 100. */
  @Test
  void whatComesAfterSlowQueriesIsNotCheckedMoreOften() {
    int[] checked = new int[KINDS];
    int checks = 0;
    for (int i = 0; checks < 500; i = (i + 1) % KINDS) {
      if (ask(i == 0 ? 90_000 : 1_000)) {
        checked[i]++;
        checks++;
      }
    }
    for (int count : checked) {
      assertThat(count).isBetween(25, 85); // 50 on average, give or take 7
    }
  }

  @Test
  void checksAreNotMuchRarerThanPausesAllow() {
    int checks = 0;
    while (nowNanos < 100 * PAUSE_NANOS) {
      checks += ask(20_000) ? 1 : 0;
    }
    assertThat(checks).isBetween(80, 100); // some 5 ms until one is drawn
  }

  @Test
  void rareQueriesAreCheckedTheMomentPatienceEnds() {
    int checks = 0;
    for (int i = 0; i < 10; i++) {
      checks += ask(PAUSE_NANOS + CheckDraw.PATIENCE_NANOS + 2_000_000) ? 1 : 0;
    }
    assertThat(checks).isGreaterThanOrEqualTo(9); // the first comes at time zero
  }

  @Test
  void oneAtATime() {
    float[] query = {1};
    assertThat(draw.due(query, CheckDraw.PATIENCE_NANOS)).isTrue();
    assertThat(draw.due(query, CheckDraw.PATIENCE_NANOS)).isFalse();
    draw.checked();
    assertThat(draw.due(query, CheckDraw.PATIENCE_NANOS)).isTrue();
  }
}
