package io.firn.write;

import io.firn.FirnException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The second background thread: merges sealed segments, so that a search meets few of them. Linking
 * and sealing go on meanwhile; a rewrite that somebody waits for goes first. A merge that is cut
 * off, by that or by a crash, has left nothing that counts: it is planned again from the manifest.
 */
final class Merger {

  private static final System.Logger LOG = System.getLogger(Merger.class.getName());

  /** Between looks for something to merge: writes come by thousands, and few of them matter. */
  private static final long LOOK_PAUSE_NANOS = 1_000_000_000;

  /** After a failure, which is most likely there for longer: a full disk, damage. */
  private static final long RETRY_PAUSE_NANOS = 60_000_000_000L;

  /** Work between two rests; also the time between looks, while resting, whether to go on. */
  private static final long STEP_NANOS = 10_000_000;

  private static final long AWAIT_PAUSE_NANOS = 1_000_000;

  private final Set<CollectionState> due = ConcurrentHashMap.newKeySet();
  private final AtomicLong merges = new AtomicLong();
  private final Sealer sealer;
  private final Thread thread;
  private volatile boolean busy;
  private volatile boolean closing;
  private volatile boolean paused;
  private volatile boolean stalled;
  private long retryAtNanos; // meaningful while stalled

  Merger(Sealer sealer) {
    this.sealer = sealer;
    this.thread = Thread.ofPlatform().name("firn-merger").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Notes that a collection may have a segment too many. Any thread; does not wait. */
  void touch(CollectionState collection) {
    due.add(collection);
  }

  private void run() {
    while (!closing) {
      LockSupport.parkNanos(this, LOOK_PAUSE_NANOS);
      if (stalled && retryAtNanos - System.nanoTime() <= 0) {
        stalled = false;
      }
      if (!paused && !stalled) {
        busy = true; // before anything leaves what is due: see await
        List.copyOf(due).forEach(this::mergeWhileDue);
        busy = false;
      }
    }
  }

  private void mergeWhileDue(CollectionState collection) {
    due.remove(collection); // before looking: a touch that comes now is not lost
    try {
      while (!closing && sealer.mergeNext(collection, () -> closing, new Rest())) {
        merges.incrementAndGet();
      }
    } catch (FirnException.Closed e) { // perhaps given up for a rewrite that somebody waits for
      due.add(collection);
    } catch (Throwable e) {
      due.add(collection);
      retryAtNanos = System.nanoTime() + RETRY_PAUSE_NANOS;
      stalled = true;
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "segments of \"%s\" could not be merged; they stay".formatted(collection.name()),
          e);
    }
  }

  /** Stops merges where they are, or lets them go on. */
  void pause(boolean now) {
    paused = now;
  }

  /** Returns when nothing is left to merge, or merges are paused or cannot be done now. */
  void await() {
    while ((!due.isEmpty() || busy) && !paused && !stalled && !closing) {
      LockSupport.unpark(thread); // looks at once
      LockSupport.parkNanos(this, AWAIT_PAUSE_NANOS);
    }
  }

  /** Merges done. */
  long merges() {
    return merges.get();
  }

  /** Ends the thread as soon as it can stop. Idempotent. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    WriteQueue.joinUninterruptibly(thread);
  }

  /** At most half of one core: as long as it worked, so long it rests. */
  final class Rest {

    private long workSinceNanos = System.nanoTime();

    /**
     * Rests if it is time to.
     *
     * @param needed false if there is too much to do for it
     */
    void take(boolean needed) {
      long now = System.nanoTime();
      long worked = now - workSinceNanos;
      if (worked < STEP_NANOS && !paused) {
        return;
      }
      long left = needed ? worked : 0;
      while ((paused || left > 0) && !closing && !sealer.isAwaited()) {
        LockSupport.parkNanos(this, paused ? STEP_NANOS : Math.min(left, STEP_NANOS));
        left = now + worked - System.nanoTime();
      }
      workSinceNanos = System.nanoTime();
    }
  }
}
