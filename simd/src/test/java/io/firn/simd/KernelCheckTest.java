package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Last of all tests: every kernel has run in every shape then, and profiles of the JDK's shared
 * methods are as mixed as a service could mix them.
 */
@Order(Integer.MAX_VALUE)
class KernelCheckTest {

  private static final IntSupplier SLOW = new Spin(200_000);
  private static final IntSupplier TWIN = new Spin(50_000);
  private static final IntSupplier FAST = new Spin(1_000);

  private static final long PATIENCE_NANOS = 20_000_000;

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
      List<KernelCheck<?>> checks = KernelChecks.run(0);
      assertThat(KernelChecks.results())
          .hasSize(14)
          .noneMatch(KernelCheck.Result::scalar)
          .allMatch(result -> result.allocatedBytes() == 0);
      KernelChecks.again(checks);
      assertThat(KernelChecks.results()).hasSize(14).noneMatch(KernelCheck.Result::scalar);
      assertThat(Kernels.describe()).doesNotContain("scalar");
    } else {
      Kernels.startCheck();
      assertThat(KernelChecks.results()).isEmpty();
      assertThat(Kernels.describe()).startsWith("scalar: ");
    }
  }

  @Test
  void aFastKernelThatAllocatesIsReplaced() {
    var kept = new byte[1][];
    IntSupplier boxes =
        () -> {
          kept[0] = new byte[1000];
          return FAST.getAsInt();
        };
    var slot = KernelSlot.of(IntSupplier.class, boxes);
    KernelCheck.Result result = check(slot, List.of(FAST)).run();

    assertThat(slot.get()).isSameAs(FAST);
    assertThat(result.discarded()).isOne();
    assertThat(result.allocatedBytes()).isZero();
  }

  @Test
  void aSlowKernelIsNotReplacedWhileTheJitCompiles() {
    long end = System.nanoTime() + 10 * PATIENCE_NANOS;
    IntSupplier waits = () -> (System.nanoTime() < end ? SLOW : FAST).getAsInt();
    var slot = KernelSlot.of(IntSupplier.class, waits);
    KernelCheck.Result result = check(slot, List.of(), () -> System.nanoTime() / 1_000_000).run();

    assertThat(slot.get()).isSameAs(waits);
    assertThat(result.discarded()).isZero();
  }

  @Test
  void aKernelThatBecameSlowIsFoundLater() {
    var slot = KernelSlot.of(IntSupplier.class, FAST);
    KernelCheck<IntSupplier> check = check(slot, List.of(FAST));
    KernelCheck.Result first = check.run();
    slot.set(SLOW);
    KernelCheck.Result second = check.again(first);

    assertThat(first.discarded()).isZero();
    assertThat(second.discarded()).isOne();
    assertThat(slot.get()).isSameAs(FAST);
  }

  private static KernelCheck<IntSupplier> check(
      KernelSlot<IntSupplier> slot, List<IntSupplier> copies) {
    return check(slot, copies, () -> 0);
  }

  private static KernelCheck<IntSupplier> check(
      KernelSlot<IntSupplier> slot, List<IntSupplier> copies, LongSupplier compilationMillis) {
    Iterator<IntSupplier> next = copies.iterator();
    return new KernelCheck<>(
        "fake",
        slot,
        next::next,
        TWIN,
        IntSupplier::getAsInt,
        PATIENCE_NANOS,
        compilationMillis,
        1);
  }
}
