package io.firn.bench;

import io.firn.bench.measure.MemoryWork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Queries in a process with little memory; started by {@code memory}, not by people. */
@Command(name = "child-memory", hidden = true)
final class ChildMemoryCommand implements Callable<Integer> {

  @Parameters(index = "0")
  private Path task = Path.of("task.json");

  @Parameters(index = "1")
  private Path result = Path.of("result.json");

  @Override
  public Integer call() throws IOException {
    MemoryWork.serve(task, result);
    return 0;
  }
}
