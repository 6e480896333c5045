package io.firn.tier;

import io.firn.FirnException;
import io.firn.search.SealedSegment;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import io.firn.store.DeviceReads;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The thread that watches how sealed segments are searched. One for each database with files. */
public final class Tiers implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Tiers.class.getName());
  private static final long LOOK_PAUSE_NANOS = 200_000_000;

  private final Map<SealedSegment, ColdWatch> watches = new HashMap<>();
  private final Snapshots snapshots;
  private final Thread thread;
  private volatile boolean closing;
  private boolean paused; // guarded by this, as the rest
  private long readBytes = DeviceReads.bytes();

  /** Tiers of the segments that the current snapshot shows. */
  public Tiers(Snapshots snapshots) {
    this.snapshots = snapshots;
    this.thread = Thread.ofPlatform().name("firn-tiers").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing) {
        LockSupport.parkNanos(this, LOOK_PAUSE_NANOS);
        look();
      }
    } catch (FirnException.Closed e) {
      LOG.log(System.Logger.Level.DEBUG, "the database was closed", e);
    }
  }

  private synchronized void look() {
    if (paused) {
      return;
    }
    long before = readBytes;
    readBytes = DeviceReads.bytes();
    boolean reading = readBytes != before;
    if (!reading && watches.values().stream().noneMatch(ColdWatch::isCold)) {
      return; // of thousands of collections, none is looked at
    }
    try (Snapshot snapshot = snapshots.pin()) {
      List<SealedSegment> segments = snapshot.sealedSegments();
      for (SealedSegment segment : segments) {
        watches
            .computeIfAbsent(segment, of -> new ColdWatch(of.temperature()))
            .look(reading, System.nanoTime());
      }
      watches.keySet().retainAll(new HashSet<>(segments));
    }
  }

  /** Leaves everything as it is, or goes on. */
  public synchronized void pause(boolean now) {
    paused = now;
  }

  /** Ends the thread. Idempotent. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
