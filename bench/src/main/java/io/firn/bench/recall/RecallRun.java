package io.firn.bench.recall;

import io.firn.Collection;
import io.firn.Database;
import io.firn.Firn;
import io.firn.Hit;
import io.firn.RecallEstimate;
import io.firn.Search;
import io.firn.bench.data.DataSet;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.engine.Engines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Lets a collection learn from one half of a set's queries, and asks the other half: every second
 * one, since sets are sorted (words by frequency, definitions by part of speech), and queries of
 * another kind than the learned ones would measure that.
 */
public final class RecallRun implements Closeable {

  private static final int K = 10;
  private static final int ENOUGH_SAMPLES = 512;
  private static final int MOST_SAMPLES = 2_048;
  private static final double SURE_MARGIN = 0.0075;

  /** Both ways in turn, the best of each: other work on the machine comes and goes. */
  private static final int ROUNDS = 5;

  private static final int LARGEST_EF = 64 * K;

  private final DataSet set;
  private final float[][] queries;
  private final int[][] truth;
  private final Database db;
  private final Collection rows;

  /** Opens the index under {@code work}, building it if it is not there. */
  public RecallRun(DataSet set, Path work) throws IOException {
    this.set = set;
    this.queries = set.queries();
    this.truth = set.truthIds();
    Path folder = work.resolve("recall-" + set.name());
    if (!Files.exists(folder)) {
      Path building = Files.createDirectories(work.resolve("recall-" + set.name() + ".new"));
      AnnEngine firn = Engines.named("firn");
      int threads = Runtime.getRuntime().availableProcessors();
      firn.build(set, firn.defaults(set), building, threads);
      Files.move(building, folder);
    }
    this.db = Firn.open(folder.resolve("db"));
    this.rows = db.collection(db.collections().getFirst());
  }

  /**
   * Asks the even queries for a recall until Firn is sure of it, or as many were checked as are
   * kept.
   *
   * @return seconds it took
   */
  public double learn(double asked) {
    long startedAt = System.nanoTime();
    int half = (queries.length + 1) / 2;
    do { // stats() looks at every page
      for (int i = 0; i < half; i++) {
        rows.search(queries[2 * i]).k(K).recall(asked).run();
      }
    } while (!sure(rows.stats().recalls().getFirst()));
    return (System.nanoTime() - startedAt) / 1e9;
  }

  private static boolean sure(RecallEstimate estimate) {
    return estimate.samples() >= ENOUGH_SAMPLES
        && (estimate.margin() <= SURE_MARGIN || estimate.samples() >= MOST_SAMPLES);
  }

  /**
   * Measures one recall, and the fixed ef that reaches the same.
   *
   * @param seconds each of both is measured for, in each round
   */
  public RecallRow measure(double asked, double seconds) {
    Consumer<Search> settings = search -> search.recall(asked);
    double recall = recall(settings);
    int fixedEf = fixedEf(recall);
    double qps = 0;
    double fixedQps = 0;
    for (int round = 0; round < ROUNDS; round++) {
      qps = Math.max(qps, qps(settings, seconds));
      fixedQps = Math.max(fixedQps, qps(fixed(fixedEf), seconds));
    }
    RecallEstimate estimate = rows.stats().recalls().getFirst();
    return new RecallRow(
        set.label(),
        asked,
        estimate.ef(),
        recall,
        estimate.recall(),
        estimate.margin(),
        qps,
        fixedEf,
        fixedQps);
  }

  /** The fewest candidates that find as much; more of them find no less. */
  private int fixedEf(double recall) {
    int low = K;
    int high = LARGEST_EF;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (recall(fixed(middle)) < recall) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Consumer<Search> fixed(int ef) {
    return search -> search.ef(ef);
  }

  private List<Hit> search(int query, Consumer<Search> settings) {
    Search search = rows.search(queries[query]).k(K);
    settings.accept(search);
    return search.run();
  }

  private double recall(Consumer<Search> settings) {
    long found = 0;
    for (int query = 1; query < queries.length; query += 2) {
      Set<Long> right =
          Arrays.stream(truth[query])
              .limit(K)
              .mapToObj(id -> (long) id)
              .collect(Collectors.toSet());
      found += search(query, settings).stream().filter(hit -> right.contains(hit.longId())).count();
    }
    return (double) found / ((long) K * (queries.length / 2));
  }

  private double qps(Consumer<Search> settings, double seconds) {
    int half = queries.length / 2;
    long startedAt = System.nanoTime();
    long endsAt = startedAt + (long) (seconds * 1e9);
    int searches = 0;
    while (System.nanoTime() < endsAt) {
      search(2 * (searches++ % half) + 1, settings);
    }
    return searches / ((System.nanoTime() - startedAt) / 1e9);
  }

  @Override
  public void close() {
    db.close();
  }
}
