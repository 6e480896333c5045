package io.firn.simd;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Times a vector kernel against its scalar twin and replaces one that C2 failed to compile to
 * vector instructions: first by a fresh copy of its class, which has profiles and compiled code of
 * its own, in the end by the twin. C2 fails now and then without cause in the code
 * (github.com/corretto/corretto-jdk issue 161): all of such a kernel is a hundred times too slow,
 * or some of its vectors are boxed on the heap, which shows in what it allocates.
 *
 * @param name for people
 * @param slot holds the kernel
 * @param fresh makes a copy of the kernel
 * @param twin the scalar kernel
 * @param exercise runs a kernel for some microseconds; its result keeps the work alive
 * @param patienceNanos how long a kernel may take to become fast while the JIT compiles nothing
 * @param compilationMillis how long the JIT has compiled so far, in all its threads
 * @param rest times the length of an exercise that is slept after it
 */
record KernelCheck<K>(
    String name,
    KernelSlot<K> slot,
    Supplier<K> fresh,
    K twin,
    ToDoubleFunction<K> exercise,
    long patienceNanos,
    LongSupplier compilationMillis,
    int rest) {

  /** Copies tried before the twin takes over. */
  private static final int COPIES = 3;

  /** A kernel that takes at most this share of its twin's time was compiled well. */
  private static final double FAST = 0.8;

  /** Exercises of the twin without a shorter one among them that end its timing. */
  private static final int CALM = 1000;

  private static final long WINDOW_NANOS = 100_000_000;

  private static final System.Logger LOG = System.getLogger(KernelCheck.class.getName());

  /** Read by nobody: a volatile write that the compiler must not drop. */
  static volatile double sink;

  /**
   * What a check found: nanoseconds and bytes on the heap of one exercise, and how many copies were
   * thrown away.
   */
  record Result(
      String name,
      double kernelNanos,
      long allocatedBytes,
      double twinNanos,
      int discarded,
      boolean scalar) {}

  /** The best exercise of a kernel. */
  private record Best(double nanos, long bytes) {
    boolean isGood(double limitNanos) {
      return nanos <= limitNanos && bytes == 0;
    }
  }

  Result run() {
    return run(twinNanos());
  }

  /** Looks again: what was compiled well may have been compiled anew since, and badly. */
  Result again(Result earlier) {
    return earlier.scalar() ? earlier : run(earlier.twinNanos());
  }

  private Result run(double twinNanos) {
    Best best = best(slot.get(), twinNanos * FAST);
    int discarded = 0;
    while (!best.isGood(twinNanos) && discarded < COPIES) {
      discarded++;
      LOG.log(
          System.Logger.Level.WARNING,
          "kernel %s takes %.0f ns and %d bytes of heap but its scalar twin %.0f ns: C2 did not vectorize it. Trying copy %d."
              .formatted(name, best.nanos(), best.bytes(), twinNanos, discarded));
      slot.set(fresh.get());
      best = best(slot.get(), twinNanos * FAST);
    }
    boolean scalar = best.nanos() > twinNanos;
    if (scalar) {
      slot.set(twin);
      LOG.log(
          System.Logger.Level.WARNING,
          "kernel %s stays scalar: no copy was faster than its twin. Searches work, slower."
              .formatted(name));
    }
    return new Result(name, best.nanos(), best.bytes(), twinNanos, discarded, scalar);
  }

  private double twinNanos() {
    double best = Double.POSITIVE_INFINITY;
    for (int calm = 0; calm < CALM; calm++) {
      double nanos = exercise(twin);
      calm = nanos < 0.95 * best ? 0 : calm;
      best = Math.min(best, nanos);
    }
    return best;
  }

  /**
   * The best exercise, until one is good or patience ends. Patience counts only while the JIT is
   * idle: on a busy machine a kernel waits for its turn to be compiled, and slow is not yet bad.
   */
  private Best best(K kernel, double limitNanos) {
    var best = new Best(Double.POSITIVE_INFINITY, Long.MAX_VALUE);
    long waited = 0;
    while (!best.isGood(limitNanos) && waited < patienceNanos) {
      long start = System.nanoTime();
      long compiled = compilationMillis.getAsLong();
      do {
        long before = VmCounters.allocatedBytes();
        double nanos = exercise(kernel);
        long bytes = VmCounters.allocatedBytes() - before;
        best = new Best(Math.min(best.nanos(), nanos), Math.min(best.bytes(), bytes));
      } while (!best.isGood(limitNanos) && System.nanoTime() - start < WINDOW_NANOS);
      long window = System.nanoTime() - start;
      boolean busy = 10_000_000 * (compilationMillis.getAsLong() - compiled) > window;
      waited += busy ? 0 : window;
    }
    return best;
  }

  /** The time of one exercise, and a rest after it. */
  private double exercise(K kernel) {
    long before = System.nanoTime();
    sink = exercise.applyAsDouble(kernel);
    long nanos = System.nanoTime() - before;
    LockSupport.parkNanos(rest * nanos);
    return (double) nanos;
  }
}
