package io.firn.hnsw;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does one step of a build with several threads, each with scratch of its own. What is written for
 * an item must not depend on the thread or on other items, so that the outcome is the same for any
 * number of threads.
 *
 * @param <S> scratch
 */
public final class BuildWorkers<S> {

  private static final int ITEMS_PER_CLAIM = 16;

  /** Work on one item. */
  public interface Work<S> {
    void on(S scratch, int item);
  }

  private final List<S> scratches = new ArrayList<>();

  public BuildWorkers(int threads, Supplier<S> scratch) {
    for (int i = 0; i < threads; i++) {
      scratches.add(scratch.get());
    }
  }

  /**
   * Works on the items {@code 0..count-1}. The calling thread takes part.
   *
   * @param progress hears from the calling thread how many items have been claimed; what it throws
   *     stops all threads and is passed on
   */
  public void run(int count, Work<S> work, IntConsumer progress) {
    var next = new AtomicInteger();
    var failure = new AtomicReference<@Nullable Throwable>();
    var threads = new ArrayList<Thread>();
    int useful = Math.min(scratches.size(), Math.ceilDiv(count, ITEMS_PER_CLAIM));
    for (int i = 1; i < useful; i++) {
      S scratch = scratches.get(i);
      Runnable share = () -> claim(count, next, failure, scratch, work, _ -> {});
      threads.add(Thread.ofPlatform().name("firn-build-" + i).daemon().start(share));
    }
    claim(count, next, failure, scratches.getFirst(), work, progress);
    threads.forEach(BuildWorkers::join);
    rethrow(failure.get());
  }

  private static <S> void claim(
      int count,
      AtomicInteger next,
      AtomicReference<@Nullable Throwable> failure,
      S scratch,
      Work<S> work,
      IntConsumer progress) {
    try {
      int from = next.getAndAdd(ITEMS_PER_CLAIM);
      while (from < count && failure.get() == null) {
        int to = Math.min(count, from + ITEMS_PER_CLAIM);
        for (int item = from; item < to; item++) {
          work.on(scratch, item);
        }
        progress.accept(to);
        from = next.getAndAdd(ITEMS_PER_CLAIM);
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the others still write to what the caller owns
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("builds throw no checked exceptions", failure);
    }
  }
}
