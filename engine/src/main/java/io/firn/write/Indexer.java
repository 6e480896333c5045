package io.firn.write;

import io.firn.FirnException;
import io.firn.Progress;
import io.firn.search.FreshSegment;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one background thread: links published rows into graphs, a few at a time for each collection
 * in turn, and seals what is full. Searches scan what is not linked yet, so nothing waits for it
 * except {@link #flush} and {@link #optimize}.
 */
final class Indexer {

  private static final System.Logger LOG = System.getLogger(Indexer.class.getName());
  private static final int LINKS_PER_TURN = 256;
  private static final long IDLE_PAUSE_NANOS = 1_000_000_000;
  private static final long RETRY_PAUSE_NANOS = 10_000_000_000L;

  private record Task(Runnable work, CompletableFuture<Void> done) {}

  private final Set<CollectionState> waiting = ConcurrentHashMap.newKeySet();
  private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
  private final Snapshots snapshots;
  private final Sealer sealer;
  private final ExpirySweep expiry;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean finished;
  private volatile boolean stalled;
  private volatile @Nullable CollectionState linking;
  private long sweepAtNanos = System.nanoTime();
  private boolean sealingFailed;
  private long retrySealAtNanos;

  Indexer(Snapshots snapshots, Sealer sealer, ExpirySweep expiry) {
    this.snapshots = snapshots;
    this.sealer = sealer;
    this.expiry = expiry;
    this.thread = Thread.ofPlatform().name("firn-indexer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Notes that a collection has something to link. Any thread; does not wait. */
  void touch(CollectionState collection) {
    if (waiting.add(collection)) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Collections that may have rows to link: of thousands, few have at a time. One may be missed for
   * a moment.
   */
  Set<CollectionState> behind() {
    var behind = new HashSet<CollectionState>();
    CollectionState now = linking;
    if (now != null) {
      behind.add(now);
    }
    behind.addAll(waiting);
    return behind;
  }

  /** False after a failure to link, when waiting for links would be in vain. */
  boolean works() {
    return !stalled;
  }

  /** Returns when every row published before is linked and checkpointed. */
  void flush(Iterable<CollectionState> collections) {
    perform(() -> collections.forEach(this::settle));
  }

  /** Rewrites a collection into one segment. */
  void optimize(CollectionState collection, Progress progress) {
    perform(() -> sealer.optimize(collection, progress, () -> closing));
  }

  /** Seals what is closed for writing; returns when it is done. */
  void seal(CollectionState collection) {
    perform(() -> sealer.sealFrozen(collection, () -> closing));
  }

  /** Has work done by this thread some time, unless the database is closed first. */
  void later(Runnable work) {
    tasks.add(new Task(() -> quietly(work), new CompletableFuture<>()));
    LockSupport.unpark(thread);
  }

  /** Runs what nobody waits for, and what the next open goes on with. */
  private static void quietly(Runnable work) {
    try {
      work.run();
    } catch (FirnException.Closed e) {
      LOG.log(System.Logger.Level.DEBUG, "left to the next open", e);
    } catch (FirnException e) {
      LOG.log(System.Logger.Level.WARNING, "left to the next open", e);
    }
  }

  private void perform(Runnable work) {
    var task = new Task(work, new CompletableFuture<>());
    tasks.add(task);
    LockSupport.unpark(thread);
    if (finished) {
      refuseTasks(); // the thread may have looked for the last time before the add
    }
    WriteQueue.await(task.done());
  }

  private void run() {
    while (!closing) {
      Task task = tasks.poll();
      if (task != null) {
        run(task);
      }
      if (!linkWaiting() && task == null) {
        long untilSweep = sweepAtNanos - System.nanoTime();
        LockSupport.parkNanos(this, Math.clamp(untilSweep, 0, IDLE_PAUSE_NANOS));
      }
      sweepIfDue();
    }
    finished = true;
    refuseTasks();
  }

  /** Has rows deleted whose time has come, once a second. */
  private void sweepIfDue() {
    if (sweepAtNanos - System.nanoTime() <= 0) {
      try {
        long now = System.nanoTime();
        sweepAtNanos = expiry.deleteDue() ? now + IDLE_PAUSE_NANOS : now;
      } catch (FirnException e) { // closed, or not writable: the next open goes on
        sweepAtNanos = System.nanoTime() + IDLE_PAUSE_NANOS;
        LOG.log(System.Logger.Level.DEBUG, "rows that expired wait", e);
      }
    }
  }

  private static void run(Task task) {
    try {
      task.work().run();
      task.done().complete(null);
    } catch (Throwable e) { // the caller gets it; the thread goes on with other collections
      task.done().completeExceptionally(e);
    }
  }

  private void refuseTasks() {
    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
      task.done()
          .completeExceptionally(
              new FirnException.Closed(
                  "the index must be finished before close but was not: the next open goes on with it. Open the database again."));
    }
  }

  /** Gives each waiting collection a turn; false if none waits. */
  private boolean linkWaiting() {
    boolean worked = false;
    for (CollectionState collection : List.copyOf(waiting)) {
      worked = true;
      linking = collection; // before it leaves those that wait
      waiting.remove(collection); // before looking: a touch that comes now is not lost
      try {
        if (turn(collection)) {
          waiting.add(collection);
        }
      } catch (FirnException.Closed e) {
        return false;
      } catch (Throwable e) {
        stalled = true;
        LOG.log(
            System.Logger.Level.ERROR,
            () ->
                "indexing of \"%s\" stopped; its new rows are scanned".formatted(collection.name()),
            e);
      }
    }
    return worked;
  }

  /** Seals what is full, which links all of it, then links a few rows; true if there are more. */
  private boolean turn(CollectionState collection) {
    trySeal(collection);
    int budget = LINKS_PER_TURN;
    try (Snapshot snapshot = snapshots.pin()) {
      for (SegmentView seen : segments(snapshot, collection)) {
        if (seen.segment() instanceof FreshSegment fresh) {
          while (budget > 0 && !closing && fresh.linkNext()) {
            budget--;
          }
          if (budget == 0 || closing) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static Iterable<SegmentView> segments(Snapshot snapshot, CollectionState collection) {
    var view = snapshot.collection(collection.number());
    return view == null ? List.of() : view.segments();
  }

  /** Seals full segments, unless that failed a moment ago. */
  private void trySeal(CollectionState collection) {
    if (sealingFailed && retrySealAtNanos - System.nanoTime() > 0) {
      return;
    }
    try {
      sealer.sealFrozen(collection, () -> closing);
      sealingFailed = false;
    } catch (FirnException.Storage e) {
      sealingFailed = true;
      retrySealAtNanos = System.nanoTime() + RETRY_PAUSE_NANOS;
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "\"%s\" could not be sealed; its rows stay in memory".formatted(collection.name()),
          e);
    }
  }

  private void settle(CollectionState collection) {
    while (turn(collection)) {
      if (closing) {
        return;
      }
    }
    sealer.checkpoint(collection);
  }

  /** Ends the thread after what it is doing now. Idempotent. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    WriteQueue.joinUninterruptibly(thread);
  }
}
