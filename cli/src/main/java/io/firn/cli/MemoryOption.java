package io.firn.cli;

import io.firn.Options;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Budget of memory. */
final class MemoryOption {

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description = "Memory that a segment is built in (default: half of the machine's).")
  private @Nullable Integer mebibytes;

  /** Options with this budget, if one is given. */
  Options in(Options options) {
    if (mebibytes == null) {
      return options;
    }
    if (mebibytes < 1) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "--memory must be 1 or more but is %d: a segment needs some. Leave it out if unsure."
              .formatted(mebibytes));
    }
    return options.withMemoryBytes((long) mebibytes << 20);
  }
}
