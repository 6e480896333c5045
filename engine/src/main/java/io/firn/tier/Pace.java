package io.firn.tier;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Lets work go on at half of one core's speed: searches have the machine to themselves. */
final class Pace implements BooleanSupplier {

  private static final long STEP_NANOS = 5_000_000;

  private final BooleanSupplier stop;
  private long workSinceNanos = System.nanoTime();

  Pace(BooleanSupplier stop) {
    this.stop = stop;
  }

  /** Rests as long as was worked; false if the work must end. */
  @Override
  public boolean getAsBoolean() {
    long workedNanos = System.nanoTime() - workSinceNanos;
    if (workedNanos >= STEP_NANOS) {
      LockSupport.parkNanos(this, workedNanos);
      workSinceNanos = System.nanoTime();
    }
    return !stop.getAsBoolean();
  }
}
