package io.firn;

import io.firn.write.CollectionState;
import io.firn.write.Operation;
import io.firn.write.RowId;
import io.firn.write.RowRecord;
import io.firn.write.VectorBytes;

/** What a vector must be, and its form in an operation. */
final class Vectors {

  /** Of two vectors up to this squared length, the squared distance is below the largest float. */
  private static final float MAX_SQUARED_LENGTH = 8e37f;

  /** Below it a float's square loses its precision, and with it the direction. */
  private static final float MIN_SQUARED_LENGTH = 1e-30f;

  private static final int MAX_METADATA_BYTES = 1 << 20;

  private Vectors() {}

  static Operation.Upsert upsert(CollectionState collection, Row row) {
    check("vector of \"" + row.id() + "\"", collection.spec(), row.vector());
    byte[] encoded = record(row.rowId(), row.metadata());
    return new Operation.Upsert(
        collection, row.rowId(), VectorBytes.encode(row.vector()), encoded, row.expiresAt());
  }

  static Operation describe(CollectionState collection, RowId id, Metadata metadata) {
    return new Operation.Describe(collection, id, record(id, metadata));
  }

  private static byte[] record(RowId id, Metadata metadata) {
    byte[] encoded = new RowRecord(id, metadata).encode();
    if (encoded.length > MAX_METADATA_BYTES) {
      throw new FirnException.InvalidInput(
          "metadata must be at most %d bytes but is %d for \"%s\": it is read with each result that asks for it. Store large values elsewhere and their place here."
              .formatted(MAX_METADATA_BYTES, encoded.length, id));
    }
    return encoded;
  }

  /**
   * Refuses what is no vector of a collection.
   *
   * @throws FirnException.InvalidInput if the vector is none of this collection
   */
  static void check(String what, CollectionSpec spec, float[] vector) {
    if (vector.length != spec.dimension()) {
      throw new FirnException.InvalidInput(
          "%s must have dimension %d but has %d: only vectors of one model can be compared. Use the model that the collection was made for."
              .formatted(what, spec.dimension(), vector.length));
    }
    float squaredLength = 0;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new FirnException.InvalidInput(
            "%s must be finite but is %s at index %d: it has no distance to anything. Repair or leave out the row."
                .formatted(what, vector[i], i));
      }
      squaredLength += vector[i] * vector[i];
    }
    if (!(squaredLength <= MAX_SQUARED_LENGTH)) {
      throw new FirnException.InvalidInput(
          "%s must have a squared length of at most %s but has %s: distances would overflow. Scale the vectors."
              .formatted(what, MAX_SQUARED_LENGTH, squaredLength));
    }
    if (spec.metric() == Metric.COSINE && squaredLength < MIN_SQUARED_LENGTH) {
      throw new FirnException.InvalidInput(
          "%s must have a squared length of at least %s under COSINE but has %s: it has no direction. Leave out the row, scale it, or use another metric."
              .formatted(what, MIN_SQUARED_LENGTH, squaredLength));
    }
  }
}
