package io.firn.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel says about itself in {@code /proc} and {@code /sys}; empty where there are none.
 *
 * @param root the file system's root, another folder in tests
 */
record SystemFiles(Path root) {

  private static final int MAX_BYTES = 8192;

  /** A file's text without its line end. */
  Optional<String> text(String path) {
    // in one read: some files of /proc answer a second one with their end, whatever is left
    try (InputStream file = Files.newInputStream(root.resolve(path))) {
      return Optional.of(new String(file.readNBytes(MAX_BYTES), UTF_8).strip());
    } catch (IOException _) {
      return Optional.empty(); // another kernel, or hidden by a container
    }
  }

  /** A file's text as a number. */
  Optional<Long> number(String path) {
    return text(path).filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong);
  }

  /** The choice in brackets, as in {@code always [madvise] never}. */
  Optional<String> chosen(String path) {
    return text(path)
        .filter(text -> text.matches(".*\\[[a-z]+].*"))
        .map(text -> text.substring(text.indexOf('[') + 1, text.indexOf(']')));
  }

  /** Bytes of a line such as {@code MemTotal: 123 kB} in {@code /proc/meminfo}. */
  Optional<Long> memoryBytes(String line) {
    return text("proc/meminfo").stream()
        .flatMap(String::lines)
        .filter(text -> text.matches(line + ": +[0-9]+ kB"))
        .map(text -> Long.parseLong(text.replaceAll("[^0-9]", "")) * 1024)
        .findFirst();
  }

  /** The limit that a container sets, the nearest above this process, version 2 then 1. */
  Optional<Long> cgroupLimitBytes() {
    String group =
        text("proc/self/cgroup").stream()
            .flatMap(String::lines)
            .filter(line -> line.startsWith("0::/"))
            .map(line -> line.substring("0::/".length()))
            .findFirst()
            .orElse("");
    for (Path at = Path.of(group); at != null; at = at.getParent()) {
      Optional<Long> limit = number("sys/fs/cgroup/" + at + "/memory.max");
      if (limit.isPresent()) {
        return limit;
      }
    }
    return number("sys/fs/cgroup/memory.max")
        .or(() -> number("sys/fs/cgroup/memory/memory.limit_in_bytes"))
        .filter(bytes -> bytes < 1L << 60); // version 1 writes a huge number for no limit
  }
}
