package io.firn.simd;

/** Which kernels this process runs. The choice is made once, when the first kernel is used. */
public final class Kernels {

  /** Decided here and nowhere else; every kernel family reads it as a constant. */
  static final KernelMode MODE = KernelMode.choose();

  static final boolean VECTORIZED = MODE.vectorized();

  private Kernels() {}

  /**
   * Returns one line for people: {@code vector 512-bit (16 float lanes)}, or {@code scalar: } and
   * the reason with its remedy.
   */
  public static String describe() {
    return MODE.describe();
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
