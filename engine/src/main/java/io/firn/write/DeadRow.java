package io.firn.write;

/**
 * A row whose record is kept for snapshots older than its death.
 *
 * @param sequence of the commit that ended it
 */
public record DeadRow(long sequence, int collection, int rowNumber) {}
