package io.firn;

import io.firn.write.RowId;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row: id, vector, metadata. The vector array is not copied: do not change it while a call that
 * was given the row runs, and what a call returns is yours.
 */
public final class Row extends Identified {

  private final float[] vector;
  private final Metadata metadata;
  private final @Nullable Instant expiresAt;

  Row(RowId id, float[] vector, Metadata metadata) {
    this(id, vector, metadata, null);
  }

  private Row(RowId id, float[] vector, Metadata metadata, @Nullable Instant expiresAt) {
    super(id);
    this.vector = vector;
    this.metadata = metadata;
    this.expiresAt = expiresAt;
  }

  /**
   * A row under a string id of 1..65,535 UTF-8 bytes.
   *
   * @throws FirnException.InvalidInput if the id is empty, too long or not valid Unicode
   */
  public static Row of(String id, float[] vector, Metadata metadata) {
    return new Row(RowId.of(id), vector, metadata);
  }

  public static Row of(String id, float[] vector) {
    return of(id, vector, Metadata.EMPTY);
  }

  /** A row under a long id, any value. The long 7 and the string "7" are different ids. */
  public static Row of(long id, float[] vector, Metadata metadata) {
    return new Row(RowId.of(id), vector, metadata);
  }

  public static Row of(long id, float[] vector) {
    return of(id, vector, Metadata.EMPTY);
  }

  /**
   * The same row, to be deleted when its time has come: within about a second, or as soon as a
   * {@link Collection#optimize} that runs then is done. Writing the id again ends it, updating
   * metadata does not. It is an order given with a write, not a property of the row: rows that are
   * read do not show it.
   */
  public Row expiringAt(Instant time) {
    return new Row(rowId(), vector, metadata, time);
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  /** The vector, as many floats as the collection's dimension. */
  public float[] vector() {
    return vector;
  }

  public Metadata metadata() {
    return metadata;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row that
        && rowId().equals(that.rowId())
        && Arrays.equals(vector, that.vector)
        && metadata.equals(that.metadata);
  }

  @Override
  public int hashCode() {
    return rowId().hashCode();
  }

  @Override
  public String toString() {
    return "%s [%d floats] %s".formatted(id(), vector.length, metadata);
  }
}
