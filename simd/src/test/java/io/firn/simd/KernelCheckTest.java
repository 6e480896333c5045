package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class KernelCheckTest {

  private static final IntSupplier SLOW = new Spin(200_000);
  private static final IntSupplier TWIN = new Spin(50_000);
  private static final IntSupplier FAST = new Spin(1_000);

  /** A kernel that takes a given time. */
  private record Spin(long nanos) implements IntSupplier {
    @Override
    public int getAsInt() {
      long end = System.nanoTime() + nanos;
      int turns = 0;
      while (System.nanoTime() < end) {
        turns++;
      }
      return turns;
    }
  }

  @Test
  void aFastKernelStays() {
    var slot = KernelSlot.of(IntSupplier.class, FAST);
    KernelCheck.Result result = check(slot, List.of()).run();

    assertThat(slot.get()).isSameAs(FAST);
    assertThat(result.discarded()).isZero();
    assertThat(result.scalar()).isFalse();
  }

  @Test
  void aSlowKernelIsReplacedByAFreshCopy() {
    var slot = KernelSlot.of(IntSupplier.class, SLOW);
    KernelCheck.Result result = check(slot, List.of(SLOW, FAST)).run();

    assertThat(slot.get()).isSameAs(FAST);
    assertThat(result.discarded()).isEqualTo(2);
    assertThat(result.scalar()).isFalse();
  }

  @Test
  void aKernelThatStaysSlowIsReplacedByItsTwin() {
    var slot = KernelSlot.of(IntSupplier.class, SLOW);
    KernelCheck.Result result = check(slot, List.of(SLOW, SLOW, SLOW)).run();

    assertThat(slot.get()).isSameAs(TWIN);
    assertThat(result.discarded()).isEqualTo(3);
    assertThat(result.scalar()).isTrue();
  }

  @Test
  void theKernelsOfThisProcessAreFasterThanTheirTwins() {
    if (Kernels.vectorized()) {
      KernelChecks.run(0);
      assertThat(KernelChecks.results()).hasSize(11).noneMatch(KernelCheck.Result::scalar);
      assertThat(Kernels.describe()).doesNotContain("scalar");
    } else {
      Kernels.startCheck();
      assertThat(KernelChecks.results()).isEmpty();
      assertThat(Kernels.describe()).startsWith("scalar: ");
    }
  }

  private static KernelCheck<IntSupplier> check(
      KernelSlot<IntSupplier> slot, List<IntSupplier> copies) {
    Iterator<IntSupplier> next = copies.iterator();
    return new KernelCheck<>("fake", slot, next::next, TWIN, IntSupplier::getAsInt, 20_000_000, 1);
  }
}
