package io.firn.bench.measure;

import java.util.Map;

/**
 * What a child process is told that serves queries within a memory limit.
 *
 * @param index the index and its set; the first {@code queries} of the set measure recall
 * @param knob of every search
 * @param workloads by name the exponent by which some queries come more often; in order
 * @param seconds each workload runs before it is measured, and is measured
 */
record MemoryTask(ChildTask index, int knob, Map<String, Double> workloads, int seconds) {}
