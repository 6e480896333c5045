package io.firn.cli.demo;

import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Starts a {@link CrashWriter}, kills it while it writes, and returns what it had said. */
final class KilledWriter {

  private static final int MIN_MILLIS = 20;
  private static final int MAX_MILLIS = 800;
  private static final int START_LIMIT_SECONDS = 60;

  private KilledWriter() {}

  /**
   * The last words of the killed process.
   *
   * @param acked rows that it had been told are safe
   * @param writing rows there would have been after the batch that it was writing
   * @param millis from its first acknowledged batch to the kill
   */
  record Words(long acked, long writing, int millis) {

    /** Reads whole lines only: the last may be cut off by the kill. */
    static Words of(String said, long before, int millis) {
      long acked = before;
      long writing = before;
      for (String line : said.substring(0, said.lastIndexOf('\n') + 1).lines().toList()) {
        long number = Long.parseLong(line.substring(line.indexOf(' ') + 1));
        if (line.startsWith("acked ")) {
          acked = number;
        } else {
          writing = number;
        }
      }
      return new Words(acked, writing, millis);
    }
  }

  /**
   * @param rows that are there already
   */
  static Words run(Path directory, long rows, SplittableRandom random)
      throws IOException, InterruptedException {
    int millis = random.nextInt(MIN_MILLIS, MAX_MILLIS);
    Path errors = Files.createTempFile("firn-crash-writer", ".err");
    Process child =
        new ProcessBuilder(command(directory, rows, random.nextLong()))
            .redirectError(errors.toFile())
            .start();
    try {
      var said = new StringBuilder();
      Thread reader = Thread.startVirtualThread(() -> read(child.getInputStream(), said));
      awaitAck(child, said, errors);
      Thread.sleep(millis);
      child.toHandle().destroyForcibly(); // Process.destroy would close the pipe with acks unread
      child.waitFor();
      reader.join();
      return Words.of(text(said), rows, millis);
    } finally {
      child.destroyForcibly();
      Files.delete(errors);
    }
  }

  /** The JVM, class path and flags of this process. */
  private static List<String> command(Path directory, long rows, long seed) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx256m");
    command.add("-cp");
    command.add(
        System.getProperty("java.class.path")
            .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator));
    command.add(CrashWriter.class.getName());
    command.addAll(List.of(directory.toString(), Long.toString(rows), Long.toString(seed)));
    return command;
  }

  private static void read(InputStream from, StringBuilder said) {
    var buffer = new byte[1 << 12];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        synchronized (said) {
          said.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the words of the killed process are lost", e);
    }
  }

  private static void awaitAck(Process child, StringBuilder said, Path errors)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
    while (!text(said).contains("acked ")) {
      if (!child.isAlive() || System.nanoTime() - deadline > 0) {
        throw new CommandFailure(
            ExitCode.BUG,
            "writing process must acknowledge a batch within %d s but has not: it said: %s"
                .formatted(START_LIMIT_SECONDS, Files.readString(errors).strip()));
      }
      Thread.sleep(1);
    }
  }

  private static String text(StringBuilder said) {
    synchronized (said) {
      return said.toString();
    }
  }
}
