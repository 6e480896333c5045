package io.firn.search;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Searchers waiting for work. A thread-local would keep one per thread for ever, and a virtual
 * thread lives for one search only; a pool keeps as many as searched at once.
 */
public final class SearcherPool {

  private final AtomicReferenceArray<@Nullable Searcher> idle =
      new AtomicReferenceArray<>(4 * Runtime.getRuntime().availableProcessors());

  /** A searcher for the caller alone, until {@link #give}. */
  public Searcher take() {
    for (int i = 0; i < idle.length(); i++) {
      Searcher searcher = idle.getPlain(i) == null ? null : idle.getAndSet(i, null);
      if (searcher != null) {
        return searcher;
      }
    }
    return new Searcher();
  }

  /** Puts a searcher back; one too many is left to the garbage collector. */
  public void give(Searcher searcher) {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, searcher)) {
        return;
      }
    }
  }
}
