package io.firn;

import io.firn.write.CollectionState;
import io.firn.write.Load;

/**
 * Many rows for one collection in one commit. They go straight into files; nobody sees any of them
 * before {@link #commit} and all of them after it, and a crash in between leaves none. While it is
 * under way the collection can be read, and refuses other writes.
 *
 * <p>Memory does not grow with the rows, beyond 4 bytes for each row that is replaced: a segment
 * has at most as many rows as can be built within {@link Options#memoryBytes}, the graph within
 * half of the heap; more rows become several segments. The commit takes up to 512 MiB more. On the
 * disk a segment's vectors lie twice for a moment.
 *
 * <pre>{@code
 * try (BulkLoad load = books.bulk()) {
 *   rows.forEach(load::add);
 *   load.commit();
 * }
 * }</pre>
 *
 * Any thread, one at a time; {@link #close} also while another thread commits.
 */
public final class BulkLoad implements AutoCloseable {

  private final CollectionState collection;
  private final Load load;

  BulkLoad(CollectionState collection, Load load) {
    this.collection = collection;
    this.load = load;
  }

  /**
   * Adds a row, or replaces the one of that id, in the collection or in this load.
   *
   * @throws FirnException.InvalidInput as {@link Collection#upsert(Row)}; the load goes on without
   *     the row
   * @throws FirnException.Storage if the file system refuses; the load has ended and left nothing
   * @throws FirnException.Closed if the load has ended
   */
  public BulkLoad add(Row row) {
    if (row.expiresAt() != null) {
      throw new FirnException.InvalidInput(
          "a row of a bulk load must not expire but \"%s\" does: a load keeps no times. Upsert it instead."
              .formatted(row.id()));
    }
    load.add(Vectors.upsert(collection, row));
    return this;
  }

  public BulkLoad add(String id, float[] vector) {
    return add(Row.of(id, vector));
  }

  public BulkLoad add(String id, float[] vector, Metadata metadata) {
    return add(Row.of(id, vector, metadata));
  }

  public BulkLoad add(long id, float[] vector) {
    return add(Row.of(id, vector));
  }

  public BulkLoad add(long id, float[] vector, Metadata metadata) {
    return add(Row.of(id, vector, metadata));
  }

  /** Rows added so far, each time an id came included. */
  public long rows() {
    return load.rows();
  }

  /** As {@link #commit(Progress)}. */
  public void commit() {
    commit((done, total) -> {});
  }

  /**
   * Builds the graphs with all cores and makes the rows visible and durable. Returns when they are.
   * Whether it succeeds or not, the load has ended.
   *
   * @param progress told how many rows of how many are linked; what it throws ends the load and is
   *     passed on
   * @throws FirnException.Cancelled if the load is closed meanwhile; nothing is stored
   * @throws FirnException.Storage if the file system refuses; nothing is stored, unless the commit
   *     itself failed: then all or nothing, which the next open shows
   */
  public void commit(Progress progress) {
    load.commit(progress);
  }

  /** Gives up what is not committed, without a trace. Idempotent. */
  @Override
  public void close() {
    load.close();
  }
}
