package io.firn.bench.measure;

/**
 * What building cost.
 *
 * @param seconds from reading the base to the closed index
 * @param cpuSeconds processor time of all threads, 0 if not known
 * @param peakBytes the most the process had resident, heap not yet collected included; 0 if not
 *     known
 * @param diskBytes of all files left
 */
public record BuildResult(
    String version,
    double seconds,
    double cpuSeconds,
    int threads,
    long peakBytes,
    long diskBytes) {}
