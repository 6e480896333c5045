package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * JVector at full precision, as its own benchmark measures it: graph file mapped, exact scores from
 * vectors in memory.
 */
final class JVectorFloat implements AnnEngine {

  @Override
  public String name() {
    return "jvector-float";
  }

  @Override
  public String version() {
    return LibraryVersion.of(GraphIndexBuilder.class) + " " + JVectorGraph.kernels();
  }

  @Override
  public Parameters defaults(DataSet set) {
    return JVectorGraph.defaults();
  }

  @Override
  public void build(DataSet set, Parameters parameters, Path folder, int threads)
      throws IOException {
    RandomAccessVectorValues vectors = JVectorGraph.vectors(set);
    BuildScoreProvider scores =
        BuildScoreProvider.randomAccessScoreProvider(vectors, JVectorGraph.similarity(set));
    try (ForkJoinPool pool = new ForkJoinPool(threads);
        GraphIndexBuilder builder = JVectorGraph.builder(scores, set, parameters, pool)) {
      ImmutableGraphIndex graph = builder.build(vectors);
      try (OnDiskGraphIndexWriter writer =
          new OnDiskGraphIndexWriter.Builder(graph, folder.resolve(JVectorGraph.FILE))
              .with(new InlineVectors(set.dimension()))
              .build()) {
        writer.write(
            Map.of(
                FeatureId.INLINE_VECTORS,
                node -> new InlineVectors.State(vectors.getVector(node))));
      }
    }
  }

  @Override
  public AnnIndex open(DataSet set, Parameters parameters, Path folder) throws IOException {
    ReaderSupplier reader = ReaderSupplierFactory.open(folder.resolve(JVectorGraph.FILE));
    OnDiskGraphIndex graph = OnDiskGraphIndex.load(reader);
    RandomAccessVectorValues vectors = JVectorGraph.vectors(set);
    VectorSimilarityFunction similarity = JVectorGraph.similarity(set);
    return new JVectorIndex(
        graph, reader, (query, _) -> DefaultSearchScoreProvider.exact(query, similarity, vectors));
  }
}
