package io.firn;

import io.firn.search.CollectionView;
import io.firn.search.Snapshot;
import io.firn.write.CollectionState;
import io.firn.write.Engine;
import io.firn.write.Operation;
import io.firn.write.RowId;
import io.firn.write.RowReads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A named set of rows that share a dimension and a metric. Safe for any thread, virtual ones too;
 * lives as long as its {@link Database}.
 *
 * <p>A write returns when it is visible to every later read and as durable as the database's {@link
 * Durability} says.
 */
public final class Collection {

  /** Most fields of one index. */
  public static final int MAX_INDEX_FIELDS = 4;

  private final Database database;
  private final CollectionState state;

  Collection(Database database, CollectionState state) {
    this.database = database;
    this.state = state;
  }

  public String name() {
    return state.name();
  }

  public CollectionSpec spec() {
    return state.spec();
  }

  /**
   * Adds a row, or replaces the row of that id.
   *
   * @throws FirnException.InvalidInput if the vector has another dimension, holds NaN or an
   *     infinity, is too long for distances to stay finite, or is zero under {@link Metric#COSINE}
   * @throws FirnException.Storage if the commit fails
   */
  public void upsert(Row row) {
    engine().write(List.of(upsertOperation(row)));
  }

  public void upsert(String id, float[] vector) {
    upsert(Row.of(id, vector));
  }

  public void upsert(String id, float[] vector, Metadata metadata) {
    upsert(Row.of(id, vector, metadata));
  }

  public void upsert(long id, float[] vector) {
    upsert(Row.of(id, vector));
  }

  public void upsert(long id, float[] vector, Metadata metadata) {
    upsert(Row.of(id, vector, metadata));
  }

  /**
   * Adds or replaces rows, all or none. They are held in memory until they are committed; 1,000 to
   * 10,000 at a time are the fastest.
   */
  public void upsertAll(Iterable<Row> rows) {
    var operations = new ArrayList<Operation>();
    rows.forEach(row -> operations.add(upsertOperation(row)));
    engine().write(operations);
  }

  /**
   * Begins to load many rows at once, the fastest way to bring them in: see {@link BulkLoad}.
   *
   * @throws FirnException.Conflict if a load of this collection is under way
   */
  public BulkLoad bulk() {
    return new BulkLoad(state, engine().load(state));
  }

  /**
   * Adds or replaces a row if nobody has written it meanwhile. False, and nothing is written, if
   * the version of its id is another one now.
   *
   * @param version as {@link #getVersioned(String)} gave it; 0 if there must be no row
   */
  public boolean upsertIf(Row row, long version) {
    return writeIf(row.rowId(), version, upsertOperation(row));
  }

  /** Removes a row if it has this version now; false if not. As {@link #upsertIf}. */
  public boolean deleteIf(String id, long version) {
    return writeIf(RowId.of(id), version, new Operation.Delete(state, RowId.of(id)));
  }

  /** As {@link #deleteIf(String, long)}. */
  public boolean deleteIf(long id, long version) {
    return writeIf(RowId.of(id), version, new Operation.Delete(state, RowId.of(id)));
  }

  private boolean writeIf(RowId id, long version, Operation write) {
    try {
      engine().write(List.of(new Operation.Require(state, id, version), write));
      return true;
    } catch (FirnException.Outdated faster) {
      return false;
    }
  }

  /** Removes a row; false if there was none. */
  public boolean delete(String id) {
    return delete(RowId.of(id));
  }

  /** Removes a row; false if there was none. */
  public boolean delete(long id) {
    return delete(RowId.of(id));
  }

  private boolean delete(RowId id) {
    return engine().write(List.of(new Operation.Delete(state, id))) > 0;
  }

  /** Removes the rows of ids, all or none; returns how many there were. */
  public int deleteAll(List<String> ids) {
    var deletes = new ArrayList<Operation>(ids.size());
    ids.forEach(id -> deletes.add(new Operation.Delete(state, RowId.of(id))));
    return engine().write(deletes);
  }

  /**
   * Removes all rows that pass, together, as of now.
   *
   * @return how many; a row that is written anew meanwhile stays
   */
  public int deleteWhere(Filter filter) {
    return engine().write(Matching.rows(this, filter));
  }

  /** Rows alive now that pass. */
  public long count(Filter filter) {
    return Matching.count(this, filter);
  }

  /**
   * Replaces a row's metadata; its vector stays where it is. False if there is no such row.
   *
   * @throws FirnException.InvalidInput if the metadata is too large
   */
  public boolean updateMetadata(String id, Metadata metadata) {
    return updateMetadata(RowId.of(id), metadata);
  }

  /** As {@link #updateMetadata(String, Metadata)}. */
  public boolean updateMetadata(long id, Metadata metadata) {
    return updateMetadata(RowId.of(id), metadata);
  }

  private boolean updateMetadata(RowId id, Metadata metadata) {
    return engine().write(List.of(Vectors.describe(state, id, metadata))) > 0;
  }

  /**
   * The rows of ids, all as of one moment, in the order of the ids; ids without a row are left out.
   */
  public List<Row> fetch(List<String> ids) {
    return fetchRows(ids.stream().map(RowId::of).toList());
  }

  /** As {@link #fetch(List)}. */
  public List<Row> fetch(long... ids) {
    return fetchRows(Arrays.stream(ids).mapToObj(RowId::of).toList());
  }

  private List<Row> fetchRows(List<RowId> ids) {
    return engine().rows().get(state, ids).stream()
        .filter(Objects::nonNull)
        .map(Collection::row)
        .toList();
  }

  /** The row of an id. */
  public Optional<Row> get(String id) {
    return get(RowId.of(id));
  }

  /** The row of an id. */
  public Optional<Row> get(long id) {
    return get(RowId.of(id));
  }

  private Optional<Row> get(RowId id) {
    return engine().rows().get(state, id).map(Collection::row);
  }

  private static Row row(RowReads.StoredRow found) {
    return new Row(found.record().id(), found.vector(), found.record().metadata());
  }

  /** The row of an id with its version, to write it only if nobody else has, {@link #upsertIf}. */
  public Optional<VersionedRow> getVersioned(String id) {
    return getVersioned(RowId.of(id));
  }

  /** As {@link #getVersioned(String)}. */
  public Optional<VersionedRow> getVersioned(long id) {
    return getVersioned(RowId.of(id));
  }

  private Optional<VersionedRow> getVersioned(RowId id) {
    return engine()
        .rows()
        .get(state, id)
        .map(found -> new VersionedRow(row(found), found.version()));
  }

  /**
   * Starts a search for the rows nearest to a vector.
   *
   * @param query as many floats as the dimension; not copied, do not change it before {@link
   *     Search#run} returns
   * @throws FirnException.InvalidInput as {@link #upsert(Row)}
   */
  public Search search(float[] query) {
    Vectors.check("query", state.spec(), query);
    return new Search(this, query);
  }

  /**
   * A searcher that allocates nothing, for one thread that searches again and again.
   *
   * @param k how many results at most, 1..{@value Search#MAX_K}
   * @throws FirnException.InvalidInput if out of range
   */
  public ReusableSearch reusableSearch(int k) {
    return new ReusableSearch(this, k);
  }

  /**
   * Runs one search for each query, all as of the same moment.
   *
   * @param settings applied to each search before it runs
   * @return the hits of each query, in the order of the queries
   */
  public List<List<Hit>> searchAll(List<float[]> queries, Consumer<Search> settings) {
    try (Snapshot snapshot = engine().snapshots().pin()) {
      var results = new ArrayList<List<Hit>>(queries.size());
      for (float[] query : queries) {
        Search search = search(query);
        settings.accept(search);
        results.add(search.run(snapshot));
      }
      return List.copyOf(results);
    }
  }

  /**
   * All rows in the order in which they were written, as of now: later writes do not show. Close
   * the stream, it keeps the rows' memory. Not for several threads.
   */
  public Stream<Row> scan() {
    return Scan.of(this);
  }

  /** Rows alive now. */
  public long count() {
    try (Snapshot snapshot = engine().snapshots().pin()) {
      return view(snapshot).liveRows();
    }
  }

  /**
   * Declares an index of a metadata field, so that filters on it know the rows that pass before
   * they look at vectors. For strings, numbers, booleans, times and elements of lists; kept in the
   * same commit as the row. Returns when the rows that are there are entered; reads and writes go
   * on meanwhile, and it is finished after a crash. Does nothing if the index is there.
   *
   * <p>With more fields it is one index of all of them together. It serves filters that ask for
   * values of each field but the last, and for values, a range or a beginning of the last one, in
   * one step, and is of no use to others: {@code index("tenant", "year")} serves {@code
   * field("tenant").eq("a").and(field("year").above(1960))}.
   *
   * @param field name of the field
   * @param more names of further fields, in the order in which the index has them
   * @throws FirnException.InvalidInput if a name is empty, too long or given twice, or there are
   *     more than {@value #MAX_INDEX_FIELDS}
   */
  public void index(String field, String... more) {
    engine().index(state, indexFields(field, more));
  }

  /**
   * Gives an index up. Filters on its fields go on to be right and are slower. Returns when its
   * entries are removed, which goes on after a crash.
   *
   * @return false if there is no index of just these fields in this order
   * @throws FirnException.InvalidInput as {@link #index}
   */
  public boolean dropIndex(String field, String... more) {
    return engine().dropIndex(state, indexFields(field, more));
  }

  private static List<String> indexFields(String field, String... more) {
    var fields = new ArrayList<String>(List.of(more));
    fields.addFirst(field);
    if (fields.size() > MAX_INDEX_FIELDS || Set.copyOf(fields).size() < fields.size()) {
      throw new FirnException.InvalidInput(
          "an index must have 1..%d different fields but has %s: a field more does not narrow it. Declare several indexes."
              .formatted(MAX_INDEX_FIELDS, fields));
    }
    fields.forEach(Metadata::requireName);
    return List.copyOf(fields);
  }

  /** The fields of each index, in alphabetical order. */
  public List<List<String>> indexes() {
    return state.indexes().keySet().stream()
        .sorted(Comparator.comparing(Object::toString))
        .toList();
  }

  /** Sizes and state now. */
  public CollectionStats stats() {
    try (Snapshot snapshot = engine().snapshots().pin()) {
      return CollectionStats.of(state, view(snapshot));
    }
  }

  /**
   * Rewrites all live rows into one segment with a fresh graph; see {@link #optimize(Progress)}.
   */
  public void optimize() {
    optimize((done, total) -> {});
  }

  /**
   * Rewrites all live rows into one segment with a fresh graph, which makes searches as fast and
   * files as small as they get. Reads and writes go on meanwhile; rows written meanwhile are not
   * part of it. Returns when it is committed.
   *
   * @param progress told how many rows of how many are linked, on another thread
   */
  public void optimize(Progress progress) {
    engine().optimize(state, progress);
  }

  Operation upsertOperation(Row row) {
    return Vectors.upsert(state, row);
  }

  CollectionView view(Snapshot snapshot) {
    CollectionView view = snapshot.collection(state.number());
    if (view == null) {
      throw new IllegalStateException("a collection is handed out before it is published");
    }
    return view;
  }

  Database database() {
    return database;
  }

  CollectionState state() {
    return state;
  }

  int number() {
    return state.number();
  }

  Engine engine() {
    return database.engine();
  }

  @Override
  public String toString() {
    return "%s %s".formatted(name(), spec());
  }
}
