package io.firn.bench;

import io.firn.bench.measure.ChildTask;
import io.firn.bench.measure.ChildWork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** One opening in a process of its own; started by {@code open}, not by people. */
@Command(name = "child-open", hidden = true)
final class ChildOpenCommand implements Callable<Integer> {

  @Parameters(index = "0")
  private Path task = Path.of("task.json");

  @Parameters(index = "1")
  private Path result = Path.of("result.json");

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonMapper json = JsonMapper.builder().build();
    json.writeValue(result, ChildWork.open(json.readValue(task, ChildTask.class)));
    return 0;
  }
}
