package io.firn.bench.engine;

import java.io.Closeable;
import java.io.IOException;

/** An open index. Safe for several threads through one {@link AnnSearcher} each. */
public interface AnnIndex extends Closeable {

  /** A searcher for one thread. */
  AnnSearcher searcher() throws IOException;

  /** Removes rows; searchers made afterwards must not find them. */
  void delete(int[] ids) throws IOException;
}
