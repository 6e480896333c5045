package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a database: the content of its LOCK file, for the second opener's error message. The
 * lock itself is on the file, not in it.
 *
 * @param pid process id on {@code host}
 * @param host name of the machine
 * @param since when it was opened
 */
public record LockHolder(long pid, String host, Instant since) {

  private static final int BYTES = 256;
  private static final int MAX_HOST_LENGTH = 64;

  static LockHolder self() {
    String host = Posix.hostName().replaceAll("[^\\x21-\\x7e]", "?");
    return new LockHolder(
        ProcessHandle.current().pid(),
        host.substring(0, Math.min(host.length(), MAX_HOST_LENGTH)),
        Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Three lines of ASCII, blank up to the same length for everybody. */
  ByteBuffer encode() {
    String lines = "pid=%d\nhost=%s\nsince=%s\n".formatted(pid, host, since);
    return UTF_8.encode(lines + " ".repeat(BYTES - lines.length()));
  }

  /** What {@code file} says, or null if it does not say it (yet). */
  static @Nullable LockHolder read(Io io, Path file) throws IOException {
    try (FileHandle handle = io.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BYTES, handle.size()));
      handle.read(bytes, 0);
      return parse(UTF_8.decode(bytes.flip()).toString());
    }
  }

  private static @Nullable LockHolder parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < 3
        || !lines[0].startsWith("pid=")
        || !lines[1].startsWith("host=")
        || !lines[2].startsWith("since=")) {
      return null;
    }
    try {
      return new LockHolder(
          Long.parseLong(lines[0].substring("pid=".length())),
          lines[1].substring("host=".length()),
          Instant.parse(lines[2].substring("since=".length())));
    } catch (NumberFormatException | DateTimeException e) {
      return null; // the holder is writing it just now
    }
  }

  @Override
  public String toString() {
    return "process %d on %s since %s".formatted(pid, host, since);
  }
}
