package io.firn.simd;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Times a vector kernel against its scalar twin and replaces one that C2 failed to compile to
 * vector instructions: first by a fresh copy of its class, which has profiles and compiled code of
 * its own, in the end by the twin. C2 fails now and then without cause in the code
 * (github.com/corretto/corretto-jdk issue 161), and such a kernel is a hundred times too slow.
 *
 * @param name for people
 * @param slot holds the kernel
 * @param fresh makes a copy of the kernel
 * @param twin the scalar kernel
 * @param exercise runs a kernel for some microseconds; its result keeps the work alive
 * @param patienceNanos how long a kernel may take to become fast
 * @param rest times the length of an exercise that is slept after it
 */
record KernelCheck<K>(
    String name,
    KernelSlot<K> slot,
    Supplier<K> fresh,
    K twin,
    ToDoubleFunction<K> exercise,
    long patienceNanos,
    int rest) {

  /** Copies tried before the twin takes over. */
  private static final int COPIES = 3;

  /** A kernel that takes at most this share of its twin's time was compiled well. */
  private static final double FAST = 0.8;

  private static final System.Logger LOG = System.getLogger(KernelCheck.class.getName());

  /** Read by nobody: a volatile write that the compiler must not drop. */
  static volatile double sink;

  /** What a check found: nanoseconds of one exercise, and how many copies were thrown away. */
  record Result(String name, double kernelNanos, double twinNanos, int discarded, boolean scalar) {}

  Result run() {
    double twinNanos = best(twin, 0);
    double kernelNanos = best(slot.get(), twinNanos * FAST);
    int discarded = 0;
    while (kernelNanos > twinNanos && discarded < COPIES) {
      discarded++;
      LOG.log(
          System.Logger.Level.WARNING,
          "kernel %s takes %.0f ns but its scalar twin %.0f: C2 did not vectorize it. Trying copy %d."
              .formatted(name, kernelNanos, twinNanos, discarded));
      slot.set(fresh.get());
      kernelNanos = best(slot.get(), twinNanos * FAST);
    }
    boolean scalar = kernelNanos > twinNanos;
    if (scalar) {
      slot.set(twin);
      LOG.log(
          System.Logger.Level.WARNING,
          "kernel %s stays scalar: no copy was faster than its twin. Searches work, slower."
              .formatted(name));
    }
    return new Result(name, kernelNanos, twinNanos, discarded, scalar);
  }

  /** The shortest time of one exercise, until it is short enough or patience ends. */
  private double best(K kernel, double enoughNanos) {
    double best = Double.POSITIVE_INFINITY;
    long start = System.nanoTime();
    int quiet = 0;
    do {
      long before = System.nanoTime();
      sink = exercise.applyAsDouble(kernel);
      long nanos = System.nanoTime() - before;
      quiet = (double) nanos < 0.95 * best ? 0 : quiet + 1;
      best = Math.min(best, (double) nanos);
      LockSupport.parkNanos(rest * nanos);
    } while (best > enoughNanos
        && (enoughNanos > 0 || quiet < 1000)
        && System.nanoTime() - start < patienceNanos);
    return best;
  }
}
