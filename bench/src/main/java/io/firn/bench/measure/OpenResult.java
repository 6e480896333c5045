package io.firn.bench.measure;

/**
 * What opening cost a fresh process.
 *
 * @param openMillis until the index was open
 * @param answerMillis from the same start until the first answer
 * @param heapBytes live after that
 * @param residentBytes of the process after that, less what it had before
 */
public record OpenResult(
    double openMillis, double answerMillis, long heapBytes, long residentBytes) {}
