package io.firn.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.Tier;
import io.firn.search.Temperature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Segments whose searches and moves are only told; all but their numbers is as in a database. */
class PlacementTest {

  private static final long TICK_NANOS = 200_000_000;
  private static final int TICKS_PER_MINUTE = 300;
  private static final long HOT_BYTES = 1_000;
  private static final long COMPACT_BYTES = 100;

  private final List<Simulated> segments = new ArrayList<>();
  private Placement placement = new Placement(0, TierRules.DEFAULT);
  private long nowNanos = 1;

  /** One segment; what its searches ask for is not in memory unless all was read. */
  private final class Simulated {
    final Temperature temperature = new Temperature();
    final Placed placed =
        new Placed(temperature, HOT_BYTES, COMPACT_BYTES, TierRules.DEFAULT, nowNanos);
    final List<Tier> moves = new ArrayList<>();
    boolean inMemory;
    boolean stubborn;
    boolean arrives = true;
    int staysTicks = Integer.MAX_VALUE;
    private int ticksSinceRead;
    int searchesPerTick;
    int missingOf500 = 50;

    Simulated(int searchesPerTick) {
      this.searchesPerTick = searchesPerTick;
      segments.add(this);
    }

    void search() {
      inMemory = inMemory && ticksSinceRead++ < staysTicks;
      for (int i = 0; i < searchesPerTick; i++) {
        temperature.countSearch();
        if (temperature.cold()) {
          temperature.note(500, inMemory ? 0 : missingOf500);
        }
      }
    }

    void move(Placement.Step step) {
      if (stubborn) {
        placed.failed(nowNanos);
      } else {
        placed.moved(step.to(), nowNanos);
      }
      moves.add(step.to());
      if (step.to() == Tier.HOT) {
        placed.rereads().read(arrives, nowNanos);
        inMemory = arrives;
        ticksSinceRead = 0;
      }
      assertThat(step.why()).isNotEmpty();
    }
  }

  private void budget(long bytes) {
    placement = new Placement(bytes, TierRules.DEFAULT);
  }

  private void run(int ticks) {
    for (int tick = 0; tick < ticks; tick++) {
      nowNanos += TICK_NANOS;
      segments.forEach(Simulated::search);
      segments.forEach(of -> of.placed.look(true, nowNanos));
      Placement.@Nullable Step step =
          placement.next(segments.stream().map(of -> of.placed).toList());
      for (Simulated segment : segments) {
        if (step != null && segment.placed == step.segment()) {
          segment.move(step);
        }
      }
      long bytes = segments.stream().filter(of -> of.placed.tier() == Tier.WARM).count();
      assertThat(bytes * COMPACT_BYTES).isLessThanOrEqualTo(placement.budgetBytes());
    }
  }

  @Test
  void allIsReadWhereAllFits() {
    budget(2 * HOT_BYTES);
    var one = new Simulated(10);
    var other = new Simulated(1);
    run(TICKS_PER_MINUTE);
    assertThat(one.moves).containsExactly(Tier.HOT);
    assertThat(other.moves).containsExactly(Tier.HOT);
    assertThat(one.placed.tier()).isEqualTo(Tier.HOT);
  }

  @Test
  void nothingIsDoneForASegmentThatNobodySearches() {
    budget(2 * HOT_BYTES);
    var quiet = new Simulated(0);
    run(20 * TICKS_PER_MINUTE);
    assertThat(quiet.moves).isEmpty();
  }

  @Test
  void whatDoesNotFitBecomesWarm() {
    budget(2 * COMPACT_BYTES);
    var one = new Simulated(10);
    var other = new Simulated(1);
    run(TICKS_PER_MINUTE);
    assertThat(one.moves).containsExactly(Tier.WARM);
    assertThat(other.moves).containsExactly(Tier.WARM);
  }

  /** One in a hundred is asked for ahead, which is enough; to walk a form takes twice the time. */
  @Test
  void aFewMissingPlacesAreNotWorthAForm() {
    budget(2 * COMPACT_BYTES);
    var segment = new Simulated(10);
    segment.missingOf500 = 5;
    run(5 * TICKS_PER_MINUTE);
    assertThat(segment.placed.tier()).isEqualTo(Tier.COLD);
    assertThat(segment.placed.missingShare()).isBetween(0.009, 0.011);
    assertThat(segment.moves).isEmpty();
    segment.missingOf500 = 50;
    run(TICKS_PER_MINUTE);
    assertThat(segment.moves).containsExactly(Tier.WARM);
  }

  /** The system needs the memory for others, whatever the budget says. */
  @Test
  void whatDoesNotArriveInMemoryBecomesWarm() {
    budget(HOT_BYTES);
    var segment = new Simulated(10);
    segment.arrives = false;
    run(9 * TICKS_PER_MINUTE);
    assertThat(segment.moves).containsExactly(Tier.HOT, Tier.WARM);
    run(9 * TICKS_PER_MINUTE); // ten minutes later it is tried again
    assertThat(segment.moves).containsExactly(Tier.HOT, Tier.WARM, Tier.HOT, Tier.WARM);
  }

  /** The system pages out what nobody touched for a while, with memory free. */
  @Test
  void whatIsLostAfterMinutesIsReadAgain() {
    budget(HOT_BYTES);
    var segment = new Simulated(10);
    segment.staysTicks = 2 * TICKS_PER_MINUTE;
    run(21 * TICKS_PER_MINUTE);
    assertThat(segment.moves).containsOnly(Tier.HOT);
    assertThat(segment.moves.size()).isBetween(9, 11);
  }

  @Test
  void whatIsLostAtOnceIsReadMoreAndMoreSeldomAndThenBecomesWarm() {
    budget(HOT_BYTES);
    var segment = new Simulated(10);
    segment.staysTicks = 10;
    run(2 * TICKS_PER_MINUTE);
    assertThat(segment.moves).containsExactly(Tier.HOT, Tier.HOT, Tier.HOT, Tier.WARM);
    segment.staysTicks = Integer.MAX_VALUE; // the memory is free again
    run(10 * TICKS_PER_MINUTE);
    assertThat(segment.moves).endsWith(Tier.WARM, Tier.HOT);
    assertThat(segment.placed.tier()).isEqualTo(Tier.HOT);
    segment.staysTicks = 10; // it stayed for minutes: what was before is forgotten
    int before = segment.moves.size();
    run(TICKS_PER_MINUTE);
    assertThat(segment.moves.subList(before, segment.moves.size()))
        .isNotEmpty()
        .containsOnly(Tier.HOT);
  }

  @Test
  void theOneWithMoreSearchesTakesThePlaceOfAnother() {
    budget(COMPACT_BYTES + COMPACT_BYTES / 2);
    var first = new Simulated(10);
    run(TICKS_PER_MINUTE);
    assertThat(first.moves).containsExactly(Tier.WARM);
    var more = new Simulated(15); // not twice as many
    run(10 * TICKS_PER_MINUTE);
    assertThat(more.moves).isEmpty();
    more.searchesPerTick = 30;
    run(10 * TICKS_PER_MINUTE);
    assertThat(more.moves).containsExactly(Tier.WARM);
    assertThat(first.moves).containsExactly(Tier.WARM, Tier.COLD);
  }

  /** Searches go from one to the other and back, faster than anybody could follow. */
  @Test
  void movesAreRareHoweverSearchesSwing() {
    budget(COMPACT_BYTES);
    var one = new Simulated(100);
    var other = new Simulated(0);
    int minutes = 30;
    for (int halfMinute = 0; halfMinute < 2 * minutes; halfMinute++) {
      run(TICKS_PER_MINUTE / 2);
      one.searchesPerTick = 100 - one.searchesPerTick;
      other.searchesPerTick = 100 - other.searchesPerTick;
    }
    assertThat(one.moves).hasSizeLessThanOrEqualTo(minutes);
    assertThat(other.moves).hasSizeLessThanOrEqualTo(minutes);
  }

  @Test
  void aFlippedWorkloadIsFollowedWithinThreeMinutes() {
    budget(COMPACT_BYTES);
    var one = new Simulated(100);
    var other = new Simulated(1);
    run(10 * TICKS_PER_MINUTE);
    assertThat(one.placed.tier()).isEqualTo(Tier.WARM);
    one.searchesPerTick = 1;
    other.searchesPerTick = 100;
    run(3 * TICKS_PER_MINUTE);
    assertThat(other.placed.tier()).isEqualTo(Tier.WARM);
    assertThat(one.placed.tier()).isEqualTo(Tier.COLD);
  }

  @Test
  void aHeapThatGrowsTakesTheFormThatIsSearchedLeast() {
    budget(2 * COMPACT_BYTES);
    var one = new Simulated(10);
    var other = new Simulated(30);
    run(TICKS_PER_MINUTE);
    assertThat(one.placed.tier()).isEqualTo(Tier.WARM);
    budget(COMPACT_BYTES);
    run(1);
    assertThat(one.placed.tier()).isNotEqualTo(Tier.WARM);
    assertThat(other.placed.tier()).isEqualTo(Tier.WARM);
    budget(2 * COMPACT_BYTES); // and gives it back at once: that may happen again
    run(TICKS_PER_MINUTE / 2);
    assertThat(one.moves).containsExactly(Tier.WARM, Tier.COLD);
    run(TICKS_PER_MINUTE);
    assertThat(one.moves).containsExactly(Tier.WARM, Tier.COLD, Tier.WARM);
    assertThat(other.moves).containsExactly(Tier.WARM);
  }

  @Test
  void memoryThatNobodyNeedsAnyMoreIsGivenBack() {
    budget(COMPACT_BYTES);
    var segment = new Simulated(10);
    run(TICKS_PER_MINUTE);
    assertThat(segment.placed.tier()).isEqualTo(Tier.WARM);
    segment.searchesPerTick = 0;
    run((int) (TierRules.DEFAULT.idleNanos() / TICK_NANOS) + TICKS_PER_MINUTE);
    assertThat(segment.placed.tier()).isNotEqualTo(Tier.WARM);
    assertThat(segment.moves).containsExactly(Tier.WARM, Tier.COLD);
  }

  @Test
  void whatFailedIsTriedAgainAfterAWhile() {
    budget(COMPACT_BYTES);
    var damaged = new Simulated(10);
    damaged.stubborn = true;
    run(10 * TICKS_PER_MINUTE);
    long minutes = Duration.ofNanos(10 * TICKS_PER_MINUTE * TICK_NANOS).toMinutes();
    assertThat((long) damaged.moves.size()).isBetween(minutes / 2, minutes);
  }
}
