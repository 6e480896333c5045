package io.firn.bench.measure;

import java.util.Map;

/**
 * One opening of an index.
 *
 * @param cache {@code cold} if none of its bytes were in the page cache, else {@code warm}
 */
public record OpenRow(
    String engine,
    String version,
    Map<String, String> config,
    String dataset,
    int rows,
    int dimension,
    String cache,
    double openMillis,
    double answerMillis,
    long heapBytes,
    long residentBytes) {}
