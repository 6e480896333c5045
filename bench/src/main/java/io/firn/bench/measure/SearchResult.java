package io.firn.bench.measure;

import java.util.List;

/**
 * What searching gave.
 *
 * @param openMillis from opening to the first answer, in a fresh process, files in the page cache
 * @param residentBytes of the process after the sweep, less what it had before opening
 */
public record SearchResult(double openMillis, long residentBytes, List<SweepPoint> points) {}
