package io.firn.bench.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a child process is told: to build if {@code knobs} is empty, else to search.
 *
 * @param dataSet file of the set's description
 * @param folder of the index
 * @param threads of the build or the search
 * @param queries asked, the first of the set's
 * @param deleteShare of rows deleted before searching, 0..1
 */
public record ChildTask(
    String engine,
    Map<String, String> parameters,
    Path dataSet,
    Path folder,
    int threads,
    int k,
    int queries,
    List<Integer> knobs,
    double enough,
    double deleteShare) {}
