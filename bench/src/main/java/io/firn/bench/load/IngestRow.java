package io.firn.bench.load;

/**
 * How fast rows came in.
 *
 * @param engine that they were written to
 * @param mode how they were written
 * @param rows written and acknowledged
 * @param seconds until the last acknowledgement
 * @param flushSeconds after that, until what is done in the background was done: linking, merging
 */
public record IngestRow(
    String engine,
    String dataset,
    int dimension,
    String mode,
    String durability,
    long rows,
    double seconds,
    double rowsPerSecond,
    double flushSeconds) {}
