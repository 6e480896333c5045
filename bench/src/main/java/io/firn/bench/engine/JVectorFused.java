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
import io.github.jbellis.jvector.graph.disk.feature.FusedPQ;
import io.github.jbellis.jvector.graph.disk.feature.NVQ;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.quantization.NVQuantization;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * JVector on disk, as its configurations for large sets have it: product codes of the neighbours
 * fused into each record, rerank by NVQ (8-bit non-uniform codes). The graph is built at full
 * precision, which can only help it.
 */
final class JVectorFused implements AnnEngine {

  private static final int CENTROIDS = 256;
  private static final int NVQ_SUBVECTORS = 2;

  @Override
  public String name() {
    return "jvector-fused";
  }

  @Override
  public String version() {
    return LibraryVersion.of(GraphIndexBuilder.class) + " " + JVectorGraph.kernels();
  }

  /** One code byte for eight dimensions is JVector's default; low dimensions need one for four. */
  @Override
  public Parameters defaults(DataSet set) {
    return JVectorGraph.defaults().and("pqDimensionsPerByte", set.dimension() < 256 ? 4 : 8);
  }

  @Override
  public void build(DataSet set, Parameters parameters, Path folder, int threads)
      throws IOException {
    RandomAccessVectorValues vectors = JVectorGraph.vectors(set);
    int codeBytes = Math.max(1, set.dimension() / parameters.integer("pqDimensionsPerByte"));
    BuildScoreProvider scores =
        BuildScoreProvider.randomAccessScoreProvider(vectors, JVectorGraph.similarity(set));
    try (ForkJoinPool pool = new ForkJoinPool(threads);
        GraphIndexBuilder builder = JVectorGraph.builder(scores, set, parameters, pool)) {
      ProductQuantization pq =
          ProductQuantization.compute(
              vectors, codeBytes, CENTROIDS, set.metric() == io.firn.bench.data.Metric.EUCLIDEAN);
      PQVectors codes = pq.encodeAll(vectors, pool);
      ImmutableGraphIndex graph = builder.build(vectors);
      write(graph, vectors, codes, folder.resolve(JVectorGraph.FILE));
    }
  }

  private static void write(
      ImmutableGraphIndex graph, RandomAccessVectorValues vectors, PQVectors codes, Path file)
      throws IOException {
    NVQuantization nvq = NVQuantization.compute(vectors, NVQ_SUBVECTORS);
    try (ImmutableGraphIndex.View view = graph.getView();
        OnDiskGraphIndexWriter writer =
            new OnDiskGraphIndexWriter.Builder(graph, file)
                .with(new FusedPQ(graph.maxDegree(), codes.getCompressor()))
                .with(new NVQ(nvq))
                .build()) {
      writer.write(
          Map.of(
              FeatureId.FUSED_PQ,
              node -> new FusedPQ.State(view, codes, node),
              FeatureId.NVQ_VECTORS,
              node -> new NVQ.State(nvq.encode(vectors.getVector(node)))));
    }
  }

  @Override
  public AnnIndex open(DataSet set, Parameters parameters, Path folder) throws IOException {
    ReaderSupplier reader = ReaderSupplierFactory.open(folder.resolve(JVectorGraph.FILE));
    OnDiskGraphIndex graph = OnDiskGraphIndex.load(reader);
    VectorSimilarityFunction similarity = JVectorGraph.similarity(set);
    return new JVectorIndex(
        graph,
        reader,
        (query, view) ->
            new DefaultSearchScoreProvider(
                view.approximateScoreFunctionFor(query, similarity),
                view.rerankerFor(query, similarity)));
  }
}
