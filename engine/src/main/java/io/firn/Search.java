package io.firn;

import io.firn.search.Effort;
import io.firn.write.Fields;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A question to a collection: set what differs from the defaults, then {@link #run}. For one
 * thread; may be run again, and then sees what has been written since.
 */
public final class Search {

  /** Most results one search may ask for. */
  public static final int MAX_K = 100_000;

  private static final int DEFAULT_K = 10;

  private final Collection collection;
  private final float[] query;
  private int k;
  private int ef; // 0: as many as the query needs
  private double recall;
  private boolean withVector;
  private Fields wantedFields = Fields.NONE;
  private @Nullable Filter filter;
  private float maxDistance = Float.POSITIVE_INFINITY;
  private @Nullable Cursor after;
  private @Nullable String groupField;
  private @Nullable Plan plan;
  private long timeoutNanos = Long.MAX_VALUE;
  private @Nullable BooleanSupplier cancelled;

  Search(Collection collection, float[] query) {
    this.collection = collection;
    this.query = query;
  }

  /**
   * How many results, 1..{@value #MAX_K}, default 10, or with {@link #within} all; fewer come only
   * if fewer rows qualify.
   *
   * @throws FirnException.InvalidInput if out of range
   */
  public Search k(int k) {
    this.k = requireK(k);
    return this;
  }

  static int requireK(int k) {
    if (k < 1 || k > MAX_K) {
      throw new FirnException.InvalidInput(
          "k must be 1..%d but is %d: it is the number of results, held in memory. Choose a value in the range; read everything with scan()."
              .formatted(MAX_K, k));
    }
    return k;
  }

  /**
   * Candidates held while the graph is walked, at least k: more find more and take longer. From the
   * number of rows on, every row is compared and the result is exact. By default as many as the
   * query needs: 64, and twice as many again and again while the second half of a walk still finds
   * nearer rows, up to 2,048.
   *
   * @throws FirnException.InvalidInput if below 1
   */
  public Search ef(int ef) {
    this.ef = requireEf(ef);
    this.recall = 0;
    return this;
  }

  static int requireEf(int ef) {
    if (ef < 1) {
      throw new FirnException.InvalidInput(
          "ef must be 1 or more but is %d: it is the number of candidates a search holds. Leave it out if unsure."
              .formatted(ef));
    }
    return ef;
  }

  /**
   * Chooses {@link #ef} so that the share of the true nearest rows that searches find is this on
   * average. What it takes is learned from queries that are asked this way: some are searched again
   * in the background, exactly and with other ef. Until 100 of them were, ef is 128. {@link
   * Collection#stats} tells the estimate. A search with a filter, a distance, a cursor or groups
   * looks at least as hard as by default.
   *
   * @param recall 0.5..0.999
   * @throws FirnException.InvalidInput if out of range
   */
  public Search recall(double recall) {
    if (!(recall >= 0.5 && recall <= 0.999)) {
      throw new FirnException.InvalidInput(
          "recall must be 0.5..0.999 but is %s: it is the share of the nearest rows to be found. Choose a value in the range; use exact() for all."
              .formatted(recall));
    }
    this.recall = recall;
    return this;
  }

  /** Compares every row: the exact result, at the price of reading all vectors. */
  public Search exact() {
    return ef(Integer.MAX_VALUE);
  }

  /**
   * Only rows that pass; a second filter narrows the first. As many results come as without a
   * filter, as long as so many rows pass.
   */
  public Search where(Filter filter) {
    this.filter = this.filter == null ? filter : this.filter.and(filter);
    return this;
  }

  /**
   * Only rows up to this distance, that distance included; all of them, up to {@value #MAX_K},
   * unless {@link #k} says fewer.
   *
   * @throws FirnException.InvalidInput if not a number
   */
  public Search within(float maxDistance) {
    if (Float.isNaN(maxDistance)) {
      throw new FirnException.InvalidInput(
          "a search's greatest distance must be a number but is NaN: no row is nearer. Check where it comes from.");
    }
    this.maxDistance = maxDistance;
    return this;
  }

  /**
   * Only what follows a hit of an earlier page of the same search. A page costs as much as all
   * pages up to it would in one.
   */
  public Search after(Cursor cursor) {
    after = cursor;
    return this;
  }

  /**
   * Only the nearest row for each value of a field: k values, if there are so many. Rows where the
   * field is absent, a list, or bytes do not take part.
   */
  public Search bestPer(String field) {
    groupField = field;
    return this;
  }

  /** Hits carry their vectors. */
  public Search withVector() {
    withVector = true;
    return this;
  }

  /** Hits carry their metadata. */
  public Search withMetadata() {
    wantedFields = Fields.ALL;
    return this;
  }

  /** Hits carry these fields of their metadata. */
  public Search withMetadata(String... fields) {
    wantedFields = Fields.of(fields);
    return this;
  }

  /**
   * The plan to begin with, instead of the one that should be fastest. Results stay complete: what
   * a plan does not find, the next one does.
   */
  public Search plan(Plan plan) {
    this.plan = plan;
    return this;
  }

  /**
   * Ends the search with {@link FirnException.Cancelled} if it takes longer. Counts from {@link
   * #run}; looked at every few rows.
   */
  public Search timeout(Duration limit) {
    if (limit.isNegative()) {
      throw new FirnException.InvalidInput(
          "a search's timeout must be 0 or more but is %s. Leave it out for no limit."
              .formatted(limit));
    }
    try {
      timeoutNanos = limit.toNanos();
    } catch (ArithmeticException _) {
      timeoutNanos = Long.MAX_VALUE; // longer than 292 years
    }
    return this;
  }

  /**
   * Ends the search with {@link FirnException.Cancelled} soon after {@code cancelled} turns true.
   */
  public Search cancelWhen(BooleanSupplier cancelled) {
    this.cancelled = cancelled;
    return this;
  }

  /**
   * The nearest rows, nearest first; equal distances in the order in which the rows were written.
   *
   * @throws FirnException.Closed if the database is closed
   * @throws FirnException.Corrupt if what it reads is damaged, naming the place
   * @throws FirnException.Cancelled if asked to end early
   */
  public List<Hit> run() {
    try (var snapshot = collection.engine().snapshots().pin()) {
      return run(snapshot);
    }
  }

  /**
   * Runs the search and tells how it went.
   *
   * @throws FirnException as {@link #run}
   */
  public Explanation explain() {
    try (var snapshot = collection.engine().snapshots().pin()) {
      var trace = new SearchTrace();
      int hits = new SearchRun(this, collection.view(snapshot), trace).run().size();
      return trace.explanation(hits);
    }
  }

  /** As {@link #run()}, in a snapshot that the caller has pinned. */
  List<Hit> run(io.firn.search.Snapshot snapshot) {
    return new SearchRun(this, collection.view(snapshot), null).run();
  }

  Collection collection() {
    return collection;
  }

  float[] query() {
    return query;
  }

  int k() {
    return k > 0 ? k : maxDistance < Float.POSITIVE_INFINITY ? MAX_K : DEFAULT_K;
  }

  Effort effort(int least) {
    return ef == 0 ? Effort.untilCalm(least) : Effort.exactly(Math.max(least, ef));
  }

  /** The recall asked for, 0 if ef was given. */
  double recall() {
    return recall;
  }

  @Nullable Filter filter() {
    return filter;
  }

  float maxDistance() {
    return maxDistance;
  }

  @Nullable Cursor after() {
    return after;
  }

  @Nullable String groupField() {
    return groupField;
  }

  @Nullable Plan plan() {
    return plan;
  }

  boolean vectorWanted() {
    return withVector;
  }

  Fields wantedFields() {
    return wantedFields;
  }

  /** Watches a run, or null if nothing could end it early. */
  @Nullable Watch watch() {
    return timeoutNanos == Long.MAX_VALUE && cancelled == null
        ? null
        : new Watch(timeoutNanos, cancelled);
  }
}
