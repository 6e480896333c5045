package io.firn.bench;

import io.firn.bench.engine.Engines;
import io.firn.bench.measure.Machine;
import io.firn.bench.measure.RowFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where rows go: a table or JSON lines on standard output, and a file. */
final class OutOptions {

  @Option(names = "--json", description = "Print rows as JSON lines instead of text.")
  boolean json;

  @Option(names = "--out", description = "Folder whose .jsonl file gets the rows appended.")
  @Nullable Path out;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /** For what is being done. */
  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Writes rows measured in this process. */
  <T> void write(String file, List<T> rows, Function<T, String> text) throws IOException {
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    Machine machine = Machine.here(flags, Map.of("firn", Engines.named("firn").version()));
    write(file, machine, rows, all -> all.stream().map(text).toList());
  }

  /** Writes rows measured as {@code machine} says. */
  <T> void write(String file, Machine machine, List<T> rows, Function<List<T>, List<String>> text)
      throws IOException {
    if (out != null) {
      RowFile.append(out.resolve(file), machine, rows);
    }
    PrintWriter print = spec.commandLine().getOut();
    (json ? rows.stream().map(RowFile::line).toList() : text.apply(rows)).forEach(print::println);
    print.flush();
  }
}
