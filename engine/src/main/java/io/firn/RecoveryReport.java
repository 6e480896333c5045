package io.firn;

import java.util.List;

/**
 * What opening a database had to do.
 *
 * @param created true if there was no database before
 * @param collections found
 * @param rows alive
 * @param freshRows rows read from LMDB into memory, because no segment file holds them yet
 * @param linkedFromCheckpoint of these, rows whose links came from a checkpoint; the others are
 *     linked again in the background and scanned meanwhile
 * @param rebuilt derived files that were missing or damaged and were made again, in words
 * @param trashed files that belonged to nothing, moved to {@code trash/}
 * @param nanos the time it took
 */
public record RecoveryReport(
    boolean created,
    int collections,
    long rows,
    long freshRows,
    long linkedFromCheckpoint,
    List<String> rebuilt,
    List<String> trashed,
    long nanos) {}
