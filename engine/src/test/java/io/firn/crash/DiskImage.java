package io.firn.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** The content of a disk, by paths below its root. */
public record DiskImage(Set<Path> directories, Map<Path, byte[]> files) {

  /** Writes the image into an empty directory. */
  public void writeTo(Path root) throws IOException {
    for (Path directory : directories) {
      Files.createDirectories(root.resolve(directory));
    }
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      Files.write(root.resolve(file.getKey()), file.getValue());
    }
  }

  /** Equal for equal images. */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      directories.forEach(directory -> digest.update((directory + "\n").getBytes(UTF_8)));
      files.forEach((path, bytes) -> {
        digest.update((path + " " + bytes.length + "\n").getBytes(UTF_8));
        digest.update(bytes);
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    files.forEach((path, bytes) -> text.append(path).append(' ').append(bytes.length).append("  "));
    return text.toString();
  }
}
