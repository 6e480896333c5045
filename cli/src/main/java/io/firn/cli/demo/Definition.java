package io.firn.cli.demo;

import io.firn.Metadata;
import io.firn.Row;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * A sense of WordNet.
 *
 * @param id such as {@code seismograph.noun.1}, of the bundle, not WordNet's
 * @param part noun, verb or adj
 * @param words that have this sense
 * @param text what is embedded and searched
 */
record Definition(String id, String part, String words, String text) {

  /** The bundled definitions, in their fixed order. */
  static List<Definition> bundled() throws IOException {
    var senses = new HashMap<String, Integer>();
    var definitions = new ArrayList<Definition>();
    for (String line : lines("definitions.tsv")) {
      String[] field = line.split("\t", -1);
      String sense = field[1].split(",", 2)[0].replace(' ', '-') + "." + field[0];
      int number = senses.merge(sense, 1, Integer::sum);
      definitions.add(new Definition(sense + "." + number, field[0], field[1], field[2]));
    }
    return definitions;
  }

  /** Definitions that are not in the bundle: questions that no row answers word by word. */
  static List<String> heldOut() throws IOException {
    return lines("held-out.txt");
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream stream = Definition.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new FileNotFoundException("class path must hold " + resource + " but does not");
      }
      return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
          .lines()
          .toList();
    }
  }

  Row row(float[] vector) {
    return Row.of(id, vector, Metadata.of("words", words, "part", part, "text", text));
  }
}
