package io.firn.bench.load;

/**
 * How fast rows came in.
 *
 * @param mode how they were written
 * @param rows written and acknowledged
 * @param seconds until the last acknowledgement
 * @param flushSeconds after that, until all were linked and committed
 */
public record IngestRow(
    String dataset,
    int dimension,
    String mode,
    String durability,
    long rows,
    double seconds,
    double rowsPerSecond,
    double flushSeconds) {}
