package io.firn.bench.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Times kernels by JMH, a fresh JVM for each kernel, place and dimension. Ours run as this machine
 * runs them by default, with AVX2 only, and as scalar twins; the peers' by default and with AVX2.
 */
public final class KernelMeasurement {

  /** Flags of every measuring JVM. */
  public static final List<String> FLAGS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseParallelGC",
          "-Xmx4g");

  private KernelMeasurement() {}

  /** A way to run a JVM, and the classes that are measured so. */
  private enum Variant {
    DEFAULT("default", "-Dfirn.bench.variant=default", "Benchmark"),
    AVX2("AVX2", "-XX:UseAVX=2", "Benchmark"),
    SCALAR("scalar", "-Dfirn.simd=scalar", "\\.(FloatRow|Code)Benchmark");

    final String label;
    final String flag;
    final String classes;

    Variant(String label, String flag, String classes) {
      this.label = label;
      this.flag = flag;
      this.classes = classes;
    }
  }

  /**
   * Measures.
   *
   * @param pattern a regular expression to be found in {@code Class.method} of a benchmark
   * @param variants some of default, AVX2 and scalar
   * @param places some of cache and memory
   * @throws RunnerException if no benchmark matches or one fails
   */
  public static List<KernelRow> run(String pattern, List<String> variants, List<String> places)
      throws RunnerException, IOException {
    // what JMH and the measured JVMs say meanwhile would drown the table
    Path log = Files.createTempFile("firn-bench-kernels", ".log");
    var rows = new ArrayList<KernelRow>();
    for (String name : variants) {
      Variant variant = Variant.valueOf(name.toUpperCase(Locale.ROOT));
      for (RunResult result : new Runner(options(variant, pattern, places, log)).run()) {
        rows.add(row(variant, result));
      }
    }
    Files.delete(log);
    return rows;
  }

  private static org.openjdk.jmh.runner.options.Options options(
      Variant variant, String pattern, List<String> places, Path log) {
    var jvm = new ArrayList<>(FLAGS);
    jvm.add(variant.flag);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("io.firn.bench.kernels(?=.*" + variant.classes + ").*" + pattern)
            .jvmArgs(jvm.toArray(String[]::new))
            .forks(1)
            .param(
                "place",
                places.stream().map(p -> p.toUpperCase(Locale.ROOT)).toArray(String[]::new))
            .measurementIterations(100) // short: the fastest is one that nobody disturbed
            .measurementTime(TimeValue.milliseconds(2))
            .addProfiler(GCProfiler.class)
            .output(log.toString());
    return options.build();
  }

  private static KernelRow row(Variant variant, RunResult result) {
    String name = result.getParams().getBenchmark();
    String metric = result.getParams().getParam("metric");
    boolean ownRows =
        name.contains(PeerCodeBenchmark.class.getName()); // in cache wherever ours are
    String place = ownRows ? Place.CACHE.name() : result.getParams().getParam("place");
    var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    var nanos = result.getPrimaryResult().getStatistics();
    return new KernelRow(
        (metric == null ? "" : metric.toLowerCase(Locale.ROOT) + " ")
            + name.substring(name.lastIndexOf('.') + 1),
        variant.label,
        place.toLowerCase(Locale.ROOT),
        Integer.parseInt(result.getParams().getParam("dimension")),
        nanos.getMin(),
        nanos.getPercentile(50),
        allocated == null ? 0 : allocated.getScore());
  }
}
