package io.firn.simd;

import java.util.stream.Collectors;

/** Which kernels this process runs. The choice is made once, when the first kernel is used. */
public final class Kernels {

  /** Decided here and nowhere else; every kernel family reads it as a constant. */
  static final KernelMode MODE = KernelMode.choose();

  static final boolean VECTORIZED = MODE.vectorized();

  private Kernels() {}

  /**
   * Returns one line for people: {@code vector 512-bit (16 float lanes)}, or {@code scalar: } and
   * the reason with its remedy. Names the kernels that a check replaced by their scalar twins.
   */
  public static String describe() {
    String scalar =
        KernelChecks.results().stream()
            .filter(KernelCheck.Result::scalar)
            .map(KernelCheck.Result::name)
            .collect(Collectors.joining(", "));
    return scalar.isEmpty() ? MODE.describe() : MODE.describe() + ", scalar for " + scalar;
  }

  /**
   * Starts a check of the hot kernels in a background thread, unless one runs: each is timed
   * against its scalar twin, and one that the JIT compiled badly is compiled again or replaced,
   * with a warning in the log. Takes about a second of one core, spread over ten, and warms the
   * kernels up. The thread looks again now and then for two hours: the JIT compiles methods anew as
   * a process meets new work. Nothing happens when kernels are scalar.
   */
  public static void startCheck() {
    KernelChecks.start();
  }

  /** Returns the width of a vector register in bits: 128, 256, 512, or 0 when scalar. */
  public static int laneBits() {
    return MODE.laneBits();
  }

  /** Tells whether kernels use vector instructions rather than their scalar twins. */
  public static boolean vectorized() {
    return VECTORIZED;
  }
}
