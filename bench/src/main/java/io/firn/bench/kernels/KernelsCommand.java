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
 * {@code firn bench kernels}: the table of kernel times. Ours run as this machine runs them by
 * default, with AVX2 only, and as scalar twins; the peers' run by default and with AVX2 only.
 *
 * <p>{@code firn bench kernels [pattern]} takes only the benchmarks whose names contain a match of
 * the pattern. {@code firn bench kernels starts [n]} shows how kernel times vary over fresh JVMs.
 */
public final class KernelsCommand {

  private static final List<String> BASE =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:+UseParallelGC",
          "-Xmx4g");

  private KernelsCommand() {}

  /** A way to run a JVM, and what of it is measured. */
  private record Variant(String name, String flag, String benchmarks, String... places) {}

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant("default", "-Dfirn.bench.variant=default", "Benchmark", "CACHE", "MEMORY"),
          new Variant("AVX2", "-XX:UseAVX=2", "Benchmark", "CACHE"),
          new Variant("scalar", "-Dfirn.simd=scalar", "(FloatRow|Code)Benchmark", "CACHE"));

  /**
   * Runs the command.
   *
   * @return the exit code: 0, or 2 for arguments not understood
   */
  public static int run(String[] args) {
    try {
      if (args.length > 0 && args[0].equals("starts")) {
        FreshStarts.print(args.length > 1 ? Integer.parseInt(args[1]) : 20);
        return 0;
      }
      if (args.length > 1) {
        System.err.println("kernels takes one pattern, or starts and a number. See the README.");
        return 2;
      }
      table(args.length == 0 ? "" : args[0]);
      return 0;
    } catch (RunnerException | IOException e) {
      System.err.println("no benchmark was measured: " + e);
      return 1;
    }
  }

  private static void table(String pattern) throws RunnerException, IOException {
    // what JMH and the measured JVMs say meanwhile would drown the table
    Path log = Files.createTempFile("firn-bench-kernels", ".log");
    var cells = new ArrayList<KernelTable.Cell>();
    for (Variant variant : VARIANTS) {
      for (RunResult result : measure(variant, pattern, log)) {
        cells.add(cell(variant, result));
      }
    }
    System.out.print(KernelTable.format(cells));
    Files.delete(log);
  }

  private static Iterable<RunResult> measure(Variant variant, String pattern, Path log)
      throws RunnerException {
    var jvm = new ArrayList<>(BASE);
    jvm.add(variant.flag());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("io.firn.bench.kernels.*" + variant.benchmarks() + ".*" + pattern)
            .jvmArgs(jvm.toArray(String[]::new))
            .forks(1)
            .param("place", variant.places())
            .warmupIterations(12)
            .warmupTime(TimeValue.milliseconds(250))
            .measurementIterations(300) // short: the fastest is one that nobody disturbed
            .measurementTime(TimeValue.milliseconds(2))
            .addProfiler(GCProfiler.class)
            .output(log.toString());
    return new Runner(options.build()).run();
  }

  private static KernelTable.Cell cell(Variant variant, RunResult result) {
    String name = result.getParams().getBenchmark();
    String place = result.getParams().getParam("place");
    var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return new KernelTable.Cell(
        name.substring(name.lastIndexOf('.') + 1),
        variant.name(),
        place == null ? "cache" : place.toLowerCase(Locale.ROOT),
        Integer.parseInt(result.getParams().getParam("dimension")),
        result.getPrimaryResult().getStatistics().getMin(),
        allocated == null ? 0 : allocated.getScore());
  }

  /** Runs the command alone. */
  public static void main(String[] args) {
    System.exit(run(args));
  }
}
