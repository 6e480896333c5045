package io.firn.write;

/**
 * A row whose replaced record is kept for snapshots older than a metadata update.
 *
 * @param sequence of the update's commit
 */
record RevisedRow(long sequence, CollectionState collection, int rowNumber) {}
