package io.firn.bench;

import io.firn.bench.measure.ChildTask;
import io.firn.bench.measure.ChildWork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** One build in a process of its own; started by {@code ann}, not by people. */
@Command(name = "child-build", hidden = true)
final class ChildBuildCommand implements Callable<Integer> {

  @Parameters(index = "0")
  private Path task = Path.of("task.json");

  @Parameters(index = "1")
  private Path result = Path.of("result.json");

  @Override
  public Integer call() throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    json.writeValue(result, ChildWork.build(json.readValue(task, ChildTask.class)));
    return 0;
  }
}
