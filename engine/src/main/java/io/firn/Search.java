package io.firn;

import io.firn.search.CollectionView;
import io.firn.search.Searcher;
import io.firn.search.Snapshot;
import io.firn.write.Engine;
import io.firn.write.RowRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to a collection: set what differs from the defaults, then {@link #run}. For one
 * thread; may be run again, and then sees what has been written since.
 */
public final class Search {

  /** Most results one search may ask for. */
  public static final int MAX_K = 100_000;

  private static final int DEFAULT_K = 10;
  private static final int DEFAULT_EF = 128;

  private final Collection collection;
  private final float[] query;
  private int k = DEFAULT_K;
  private int ef;
  private boolean withVector;
  private boolean withMetadata;

  Search(Collection collection, float[] query) {
    this.collection = collection;
    this.query = query;
  }

  /**
   * How many results, 1..{@value #MAX_K}, default 10; fewer come only if the collection has fewer
   * rows.
   *
   * @throws FirnException.InvalidInput if out of range
   */
  public Search k(int k) {
    if (k < 1 || k > MAX_K) {
      throw new FirnException.InvalidInput(
          "k must be 1..%d but is %d: it is the number of results, held in memory. Choose a value in the range; read everything with scan()."
              .formatted(MAX_K, k));
    }
    this.k = k;
    return this;
  }

  /**
   * Candidates held while the graph is walked: more find more and take longer. Default 128, at
   * least k. From the number of rows on, every row is compared and the result is exact.
   *
   * @throws FirnException.InvalidInput if below 1
   */
  public Search ef(int ef) {
    if (ef < 1) {
      throw new FirnException.InvalidInput(
          "ef must be 1 or more but is %d: it is the number of candidates a search holds. Leave it out if unsure."
              .formatted(ef));
    }
    this.ef = ef;
    return this;
  }

  /** Compares every row: the exact result, at the price of reading all vectors. */
  public Search exact() {
    return ef(Integer.MAX_VALUE);
  }

  /** Hits carry their vectors. */
  public Search withVector() {
    withVector = true;
    return this;
  }

  /** Hits carry their metadata. */
  public Search withMetadata() {
    withMetadata = true;
    return this;
  }

  /**
   * The nearest rows, nearest first; equal distances in the order in which the rows were written.
   *
   * @throws FirnException.Closed if the database is closed
   * @throws FirnException.Corrupt if what it reads is damaged, naming the place
   */
  public List<Hit> run() {
    Engine engine = collection.engine();
    try (Snapshot snapshot = engine.snapshots().pin()) {
      CollectionView view = collection.view(snapshot);
      Searcher.Found found = engine.search(view, query, k, Math.max(k, ef == 0 ? DEFAULT_EF : ef));
      return hits(engine, view, found);
    }
  }

  private List<Hit> hits(Engine engine, CollectionView view, Searcher.Found found) {
    int[] rowNumbers = found.rowNumbers();
    List<RowRecord> records = engine.records(collection.number(), rowNumbers, withMetadata);
    var hits = new ArrayList<Hit>(rowNumbers.length);
    for (int i = 0; i < rowNumbers.length; i++) {
      float @Nullable [] vector = withVector ? view.vector(rowNumbers[i]) : null;
      @Nullable Metadata metadata = withMetadata ? records.get(i).metadata() : null;
      hits.add(new Hit(records.get(i).id(), found.distances()[i], vector, metadata));
    }
    return List.copyOf(hits);
  }
}
