package io.firn;

import io.firn.hnsw.CorruptGraphException;
import io.firn.search.CollectionView;
import io.firn.search.Effort;
import io.firn.search.SealedSegment;
import io.firn.search.Searcher;
import io.firn.search.SearcherPool;
import io.firn.search.Segment;
import io.firn.search.Snapshot;
import io.firn.write.RowId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Searches one collection again and again without giving the garbage collector anything to do: the
 * results are read from here, and stay until the next search. They are the same as those of {@link
 * Search}, whose filters, pages, vectors and metadata are not offered.
 *
 * <p>Nothing is allocated for rows that are sealed and have long ids, once the compiler is done
 * with the search. An id that is a string is made anew for each result, and rows that came lately
 * are looked up in the table of rows.
 *
 * <p>For one thread at a time. Holds some arrays between searches and no resources of the database,
 * so there is nothing to close.
 */
public final class ReusableSearch {

  private final Collection collection;
  private final int k;
  private final Searcher searcher = new Searcher();
  private final Ids ids;
  private final int[] rowNumbers;
  private final float[] distances;
  private final Tier[] tiers;
  private float[] padded = new float[0];
  private Effort effort;
  private int count;

  ReusableSearch(Collection collection, int k) {
    this.collection = collection;
    this.k = Search.requireK(k);
    this.effort = Effort.untilCalm(k);
    this.ids = new Ids(k);
    this.rowNumbers = new int[k];
    this.distances = new float[k];
    this.tiers = new Tier[k];
  }

  /** The ids of the last results; {@code at} is the one to be told next. */
  private static final class Ids implements SealedSegment.IdVisitor {
    private final long[] numbers;
    private final @Nullable String[] texts; // null where the id is a number
    private int at;

    Ids(int k) {
      this.numbers = new long[k];
      this.texts = new String[k];
    }

    @Override
    public void number(long id) {
      numbers[at] = id;
      texts[at] = null;
    }

    @Override
    public void text(String id) {
      texts[at] = id;
    }
  }

  /**
   * As {@link Search#ef}.
   *
   * @throws FirnException.InvalidInput if below 1
   */
  public ReusableSearch ef(int ef) {
    this.effort = Effort.exactly(Math.max(k, Search.requireEf(ef)));
    return this;
  }

  /**
   * Searches the rows as of now. If it throws, there are no results.
   *
   * @param query as many floats as the dimension; copied
   * @return how many results there are, at most k; rank 0 is the nearest
   * @throws FirnException.InvalidInput as {@link Collection#search}
   */
  public int run(float[] query) {
    count = 0;
    Vectors.check("query", collection.state().spec(), query);
    Snapshot snapshot = collection.engine().snapshots().pin();
    try {
      CollectionView view = collection.view(snapshot);
      pad(view, query);
      int found = searcher.run(view, padded, k, effort);
      searcher.take(view, padded, rowNumbers, distances);
      for (ids.at = 0; ids.at < found; ids.at++) {
        readId(view, rowNumbers[ids.at]);
      }
      count = found;
      return found;
    } catch (CorruptGraphException e) {
      throw SearcherPool.damaged(e);
    } finally {
      snapshot.close();
    }
  }

  private void pad(CollectionView view, float[] query) {
    if (padded.length == 0) {
      padded = new float[view.layout().paddedDimension()];
    }
    System.arraycopy(query, 0, padded, 0, query.length);
  }

  private void readId(CollectionView view, int rowNumber) {
    Segment segment = view.segmentOf(rowNumber);
    tiers[ids.at] = segment.tier();
    if (segment instanceof SealedSegment sealed
        && sealed.visitId(segment.ordinalOf(rowNumber), ids)) {
      return;
    }
    RowId id =
        collection.engine().rows().ids(collection.state(), view, new int[] {rowNumber}).getFirst();
    if (id.text() == null) {
      ids.number(id.number());
    } else {
      ids.text(id.text());
    }
  }

  /** Results of the last {@link #run}. */
  public int count() {
    return count;
  }

  /**
   * The exact distance of a result.
   *
   * @throws IndexOutOfBoundsException unless {@code rank} is 0..{@link #count}-1, as for the others
   */
  public float distance(int rank) {
    return distances[Objects.checkIndex(rank, count)];
  }

  /** As {@link Hit#tier}. */
  public Tier tier(int rank) {
    return tiers[Objects.checkIndex(rank, count)];
  }

  /** True if the id of a result is a long. */
  public boolean hasLongId(int rank) {
    return ids.texts[Objects.checkIndex(rank, count)] == null;
  }

  /**
   * The long id of a result.
   *
   * @throws FirnException.InvalidInput if it is a string
   */
  public long longId(int rank) {
    String text = ids.texts[Objects.checkIndex(rank, count)];
    return text == null ? ids.numbers[rank] : new RowId(text, 0).requireNumber();
  }

  /** The id of a result as text; a long id in decimal, which is made anew for each call. */
  public String id(int rank) {
    String text = ids.texts[Objects.checkIndex(rank, count)];
    return text == null ? Long.toString(ids.numbers[rank]) : text;
  }
}
