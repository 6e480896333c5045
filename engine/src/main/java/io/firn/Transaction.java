package io.firn;

import io.firn.write.Operation;
import io.firn.write.RowId;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes that take effect together: readers see all of them or none, and so does the disk.
 * Operations apply in order. For the thread that {@link Database#write} calls; of no use after it
 * returns.
 */
public final class Transaction {

  private final Database database;
  private final List<Operation> operations = new ArrayList<>();
  private boolean ended;

  Transaction(Database database) {
    this.database = database;
  }

  /**
   * Adds or replaces a row. The vector is copied.
   *
   * @throws FirnException.InvalidInput as {@link Collection#upsert(Row)}
   */
  public Transaction upsert(Collection collection, Row row) {
    require(collection);
    operations.add(collection.upsertOperation(row));
    return this;
  }

  public Transaction upsert(Collection collection, String id, float[] vector) {
    return upsert(collection, Row.of(id, vector));
  }

  public Transaction upsert(Collection collection, String id, float[] vector, Metadata metadata) {
    return upsert(collection, Row.of(id, vector, metadata));
  }

  public Transaction upsert(Collection collection, long id, float[] vector) {
    return upsert(collection, Row.of(id, vector));
  }

  public Transaction upsert(Collection collection, long id, float[] vector, Metadata metadata) {
    return upsert(collection, Row.of(id, vector, metadata));
  }

  /** Removes a row if it is there. */
  public Transaction delete(Collection collection, String id) {
    return delete(collection, RowId.of(id));
  }

  /** Removes a row if it is there. */
  public Transaction delete(Collection collection, long id) {
    return delete(collection, RowId.of(id));
  }

  private Transaction delete(Collection collection, RowId id) {
    require(collection);
    operations.add(new Operation.Delete(collection.state(), id));
    return this;
  }

  /** Replaces the metadata of a row if it is there; its vector stays where it is. */
  public Transaction updateMetadata(Collection collection, String id, Metadata metadata) {
    return updateMetadata(collection, RowId.of(id), metadata);
  }

  /** Replaces the metadata of a row if it is there; its vector stays where it is. */
  public Transaction updateMetadata(Collection collection, long id, Metadata metadata) {
    return updateMetadata(collection, RowId.of(id), metadata);
  }

  private Transaction updateMetadata(Collection collection, RowId id, Metadata metadata) {
    require(collection);
    operations.add(Vectors.describe(collection.state(), id, metadata));
    return this;
  }

  /**
   * Refuses the whole transaction, with {@link FirnException.Outdated}, if a row has another
   * version when it is applied: somebody else was faster. Looks at what is there before the
   * transaction.
   *
   * @param version as {@link Collection#getVersioned(String)} gave it; 0 if there must be no row
   */
  public Transaction ifVersion(Collection collection, String id, long version) {
    return ifVersion(collection, RowId.of(id), version);
  }

  /** As {@link #ifVersion(Collection, String, long)}. */
  public Transaction ifVersion(Collection collection, long id, long version) {
    return ifVersion(collection, RowId.of(id), version);
  }

  private Transaction ifVersion(Collection collection, RowId id, long version) {
    require(collection);
    operations.add(new Operation.Require(collection.state(), id, version));
    return this;
  }

  private void require(Collection collection) {
    if (ended) {
      throw new FirnException.Closed(
          "a transaction must be used inside write(...) but this one has ended: its operations were decided. Call write again.");
    }
    if (collection.database() != database) {
      throw new FirnException.InvalidInput(
          "a transaction's collections must be of its own database but \"%s\" is of another: two databases cannot commit together. Write to each by itself."
              .formatted(collection.name()));
    }
  }

  List<Operation> end() {
    ended = true;
    return operations;
  }
}
