package io.firn.search;

import io.firn.FirnException;
import io.firn.hnsw.CorruptGraphException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Searchers waiting for work. A thread-local would keep one per thread for ever, and a virtual
 * thread lives for one search only; a pool keeps as many as searched at once.
 */
public final class SearcherPool {

  private final AtomicReferenceArray<@Nullable Searcher> idle =
      new AtomicReferenceArray<>(4 * Runtime.getRuntime().availableProcessors());

  /**
   * Runs a search with a searcher of its own.
   *
   * @throws FirnException.Corrupt if it meets a damaged graph
   */
  public <T> T search(Function<Searcher, T> search) {
    Searcher searcher = take();
    try {
      T found = search.apply(searcher);
      give(searcher); // not after an exception: its scratch may be in any state
      return found;
    } catch (CorruptGraphException e) {
      throw damaged(e);
    }
  }

  /** What the user is told when a search meets a damaged graph. */
  public static FirnException damaged(CorruptGraphException e) {
    return new FirnException.Corrupt(
        "a graph of this collection must be what Firn wrote but is not: %s. Run verify, which names the file; close the database and delete that file, the next open builds it again."
            .formatted(e.getMessage()),
        e);
  }

  private Searcher take() {
    for (int i = 0; i < idle.length(); i++) {
      Searcher searcher = idle.getPlain(i) == null ? null : idle.getAndSet(i, null);
      if (searcher != null) {
        return searcher;
      }
    }
    return new Searcher();
  }

  /** Puts a searcher back; one too many is left to the garbage collector. */
  private void give(Searcher searcher) {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, searcher)) {
        return;
      }
    }
  }
}
