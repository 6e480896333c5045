package io.firn;

import io.firn.write.RowId;
import org.jspecify.annotations.Nullable;

/** One result of a search. Immutable, except for the vector array, which is the caller's. */
public final class Hit extends Identified {

  private final Cursor cursor;
  private final Tier tier;
  private final float @Nullable [] vector;
  private final @Nullable Metadata metadata;

  Hit(RowId id, Cursor cursor, Tier tier, float @Nullable [] vector, @Nullable Metadata metadata) {
    super(id);
    this.cursor = cursor;
    this.tier = tier;
    this.vector = vector;
    this.metadata = metadata;
  }

  /** Exact distance from the query by the collection's {@link Metric}; smaller is nearer. */
  public float distance() {
    return cursor.distance();
  }

  /** Where the row's segment lay when the results were put together. */
  public Tier tier() {
    return tier;
  }

  /** The hit's place in the results, for {@link Search#after}. */
  public Cursor cursor() {
    return cursor;
  }

  /**
   * The row's vector.
   *
   * @throws FirnException.InvalidInput if the search did not ask by {@link Search#withVector()}
   */
  public float[] vector() {
    if (vector == null) {
      throw notAsked("vector", "withVector()");
    }
    return vector;
  }

  /**
   * The row's metadata.
   *
   * @throws FirnException.InvalidInput if the search did not ask by {@link Search#withMetadata()}
   */
  public Metadata metadata() {
    if (metadata == null) {
      throw notAsked("metadata", "withMetadata()");
    }
    return metadata;
  }

  private static FirnException notAsked(String what, String call) {
    return new FirnException.InvalidInput(
        "a hit's %s must be asked for but was not: reading it costs each result. Add %s to the search."
            .formatted(what, call));
  }

  @Override
  public String toString() {
    return id() + " at " + distance();
  }
}
