package io.firn.bench.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Definitions in WordNet's {@code data.*} files: what stands behind {@code |}, without examples.
 */
final class WordNetGlosses {

  private WordNetGlosses() {}

  /** Adds each definition of one file to {@code into}, in order. */
  static void read(WordVectors.InputStreamSource file, Collection<String> into) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(file.open(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int bar = line.indexOf('|');
        if (bar < 0 || line.startsWith("  ")) { // the licence at the top is indented
          continue;
        }
        String gloss = line.substring(bar + 1);
        int examples = gloss.indexOf("; \"");
        into.add((examples < 0 ? gloss : gloss.substring(0, examples)).strip());
      }
    }
  }
}
