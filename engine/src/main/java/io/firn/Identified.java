package io.firn;

import io.firn.write.RowId;

/** What {@link Row} and {@link Hit} share: the id of a row, a string or a long. */
abstract sealed class Identified permits Row, Hit {

  private final RowId id;

  Identified(RowId id) {
    this.id = id;
  }

  RowId rowId() {
    return id;
  }

  /** The id as text; a long id in decimal. */
  public String id() {
    return id.toString();
  }

  /** True if the id is a long. */
  public boolean hasLongId() {
    return id.text() == null;
  }

  /**
   * The long id.
   *
   * @throws FirnException.InvalidInput if the id is a string
   */
  public long longId() {
    return id.requireNumber();
  }
}
