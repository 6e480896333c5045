package io.firn.write;

import io.firn.Durability;
import io.firn.FirnException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings batches from any thread to the one writer thread, and groups them: a forced commit costs
 * milliseconds however small it is, so while one group commits the next one gathers here.
 *
 * <p>A failed commit is final: what reached the disk is unknown, and asking again could hide a
 * loss. From then on every write is refused until the database is opened again; reads go on.
 */
final class WriteQueue {

  private static final System.Logger LOG = System.getLogger(WriteQueue.class.getName());
  private static final int CAPACITY_BATCHES = 8_192;
  private static final int GROUP_OPERATIONS = 16_384;
  private static final long IDLE_PAUSE_NANOS = 1_000_000_000;

  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(CAPACITY_BATCHES);
  private final Writer writer;
  private final boolean readOnly;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean finished;
  private volatile @Nullable Throwable failure;
  private long commitAtNanos; // when waiting writes must be committed; meaningful while waiting
  private boolean waiting;

  /**
   * A queue before {@code writer}.
   *
   * @param readOnly whether every write is refused; then it is never started
   */
  WriteQueue(Writer writer, boolean readOnly) {
    this.readOnly = readOnly;
    this.writer = writer;
    this.thread = Thread.ofPlatform().name("firn-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Sends operations and waits for their effect. Any thread, virtual ones too.
   *
   * @return how many rows the deletes among them found
   * @throws FirnException.Closed if the database is closed
   * @throws FirnException.Storage if this or an earlier commit failed
   */
  int execute(List<Operation> operations, Durability durability) {
    requireWritable();
    var batch = new Batch(operations, durability, new CompletableFuture<>());
    enqueue(batch);
    if (finished) {
      refuseQueued(); // the writer may have looked for the last time before the offer
    }
    return await(batch.done());
  }

  private void enqueue(Batch batch) {
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(batch);
        break;
      } catch (InterruptedException _) {
        interrupted = true; // a write cannot be called back half-way: keep the interrupt for later
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a result and throws what its thread threw. */
  static <T extends @Nullable Object> T await(CompletableFuture<T> done) {
    try {
      return done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FirnException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** Throws if a commit failed. */
  void requireNoFailure() {
    Throwable cause = failure;
    if (cause != null) {
      throw failed(cause);
    }
  }

  /** Throws if nothing can be written any more. */
  void requireWritable() {
    requireNoFailure();
    if (readOnly) {
      throw new FirnException.InvalidInput(
          "the database must be open for writing but is open for reading only: another process may write to it. Open it with Firn.open.");
    }
    if (closing) {
      throw new FirnException.Closed(
          "the database must be open but is closed: there is nothing to write to. Open it again.");
    }
  }

  private static FirnException failed(Throwable cause) {
    return new FirnException.Storage(
        "writing must follow a successful commit but one failed (%s): what of it reached the disk is unknown. Free space or repair the disk, then close and reopen the database; reads still work."
            .formatted(cause.getMessage()),
        cause);
  }

  private void run() {
    var batches = new ArrayList<Batch>();
    while (!closing || !queue.isEmpty()) {
      batches.clear();
      gather(batches);
      if (!batches.isEmpty()) {
        write(batches);
      }
      if (waiting && commitAtNanos - System.nanoTime() <= 0) {
        commitWaiting();
      }
    }
    if (waiting) {
      commitWaiting();
    }
    finished = true;
    refuseQueued();
  }

  /** Waits for a batch, or until a commit is due, and takes what else is there. */
  private void gather(List<Batch> batches) {
    Batch batch = next();
    int operations = 0;
    while (batch != null) {
      batches.add(batch);
      operations += batch.operations().size();
      batch = operations < GROUP_OPERATIONS && mayFollow(batch) ? queue.poll() : null;
    }
  }

  private boolean mayFollow(Batch batch) {
    Batch next = queue.peek(); // stays the next: only this thread takes
    return !batch.alone() && next != null && !next.alone();
  }

  private @Nullable Batch next() {
    long pause = waiting ? commitAtNanos - System.nanoTime() : IDLE_PAUSE_NANOS;
    try {
      return queue.poll(pause, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      return queue.poll(); // nobody interrupts this thread; if somebody does, go round once more
    }
  }

  private void write(List<Batch> batches) {
    Throwable earlier = failure;
    if (earlier != null) {
      batches.forEach(batch -> batch.done().completeExceptionally(failed(earlier)));
      return;
    }
    try {
      boolean commit = Writer.asksForCommit(batches);
      if (!commit) {
        delayCommit(batches);
      }
      writer.process(batches, commit);
      waiting &= !commit;
    } catch (Throwable e) { // an error in the middle of a group leaves memory ahead of the disk
      fail(e);
      batches.forEach(batch -> batch.done().completeExceptionally(failed(e)));
    }
  }

  private void delayCommit(List<Batch> batches) {
    long shortest =
        batches.stream().mapToLong(batch -> batch.durability().intervalNanos()).min().orElseThrow();
    long at = System.nanoTime() + shortest;
    if (!waiting || at - commitAtNanos < 0) {
      commitAtNanos = at;
    }
    waiting = true;
  }

  private void commitWaiting() {
    waiting = false;
    if (failure != null) {
      return;
    }
    try {
      writer.commitWaiting();
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void fail(Throwable e) {
    failure = e;
    LOG.log(System.Logger.Level.ERROR, "a commit failed; the database refuses writes", e);
  }

  private synchronized void refuseQueued() {
    for (Batch batch = queue.poll(); batch != null; batch = queue.poll()) {
      batch
          .done()
          .completeExceptionally(
              new FirnException.Closed(
                  "the write must come before close but came after: it was not applied. Open the database again."));
    }
  }

  /** False after a failed commit, and if the database was opened for reading. */
  boolean writable() {
    return failure == null && !readOnly;
  }

  /** Commits everything sent before, then ends the thread. Idempotent. */
  void close() {
    closing = true;
    queue.offer(new Batch(List.of(), Durability.FULL, new CompletableFuture<>())); // wakes it
    joinUninterruptibly(thread);
  }

  /** Waits for the end of a thread; an interrupt is kept for later. */
  static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true; // leaving now would pull the files from under it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
