package io.firn.bench.engine;

import java.nio.file.Path;
import java.security.CodeSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version in the name of the jar a class came from. */
final class LibraryVersion {

  private static final Pattern JAR = Pattern.compile(".*?-(\\d[\\w.+-]*)\\.jar");

  private LibraryVersion() {}

  static String of(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      return "unknown";
    }
    Matcher jar =
        JAR.matcher(String.valueOf(Path.of(source.getLocation().getPath()).getFileName()));
    return jar.matches() ? jar.group(1) : "working tree";
  }
}
