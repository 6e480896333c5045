package io.firn.bench.engine;

import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex.ScoringView;
import io.github.jbellis.jvector.graph.SearchResult.NodeScore;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.io.IOException;
import java.util.BitSet;

/**
 * A mapped JVector graph. A sealed one knows no deletes: the application keeps a mask and passes it
 * to each search.
 */
final class JVectorIndex implements AnnIndex {

  private final OnDiskGraphIndex graph;
  private final ReaderSupplier reader;
  private final Scoring scoring;
  private Bits live = Bits.ALL;

  /** How a query is scored. */
  @FunctionalInterface
  interface Scoring {
    SearchScoreProvider of(VectorFloat<?> query, ScoringView view);
  }

  JVectorIndex(OnDiskGraphIndex graph, ReaderSupplier reader, Scoring scoring) {
    this.graph = graph;
    this.reader = reader;
    this.scoring = scoring;
  }

  @Override
  public AnnSearcher searcher() {
    GraphSearcher searcher = new GraphSearcher(graph);
    return new Searcher(searcher, (ScoringView) searcher.getView(), scoring, live);
  }

  @Override
  public void delete(int[] ids) {
    BitSet deleted = new BitSet();
    for (int id : ids) {
      deleted.set(id);
    }
    live = id -> !deleted.get(id);
  }

  @Override
  public void close() throws IOException {
    graph.close();
    reader.close();
  }

  private record Searcher(GraphSearcher searcher, ScoringView view, Scoring scoring, Bits live)
      implements AnnSearcher {

    @Override
    public int search(float[] query, int k, int knob, int[] ids) {
      SearchScoreProvider scores = scoring.of(JVectorGraph.vector(query), view);
      NodeScore[] found = searcher.search(scores, k, knob, 0, 0, live).getNodes();
      for (int i = 0; i < found.length; i++) {
        ids[i] = found[i].node;
      }
      return found.length;
    }

    @Override
    public void close() throws IOException {
      searcher.close();
    }
  }
}
