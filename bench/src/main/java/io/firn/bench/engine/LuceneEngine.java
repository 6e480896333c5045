package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Lucene's HNSW formats: indexed by all threads into large segments, force-merged to one by a merge
 * that uses all threads, searched through {@code MMapDirectory}. Quantized formats search by codes
 * and rescore by full precision, as Lucene's own {@code RescoreTopNQuery} does it.
 */
final class LuceneEngine implements AnnEngine {

  private static final double BUFFER_MIB = 1900; // the most Lucene allows is 2047

  private final String name;
  private final @Nullable ScalarEncoding encoding;

  private LuceneEngine(String name, @Nullable ScalarEncoding encoding) {
    this.name = name;
    this.encoding = encoding;
  }

  static LuceneEngine fullPrecision() {
    return new LuceneEngine("lucene-float", null);
  }

  /** 8 bits a dimension. */
  static LuceneEngine scalarQuantized() {
    return new LuceneEngine("lucene-sq8", ScalarEncoding.UNSIGNED_BYTE);
  }

  /** One bit a dimension against four bits of the query. */
  static LuceneEngine binaryQuantized() {
    return new LuceneEngine("lucene-bbq", ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return Version.LATEST.toString();
  }

  @Override
  public Parameters defaults(DataSet set) {
    return Parameters.of("maxConn", 16, "beamWidth", 200);
  }

  @Override
  public void build(DataSet set, Parameters parameters, Path folder, int threads)
      throws IOException {
    try (ExecutorService mergers = Executors.newFixedThreadPool(threads);
        MMapDirectory directory = new MMapDirectory(folder);
        IndexWriter writer =
            new IndexWriter(directory, configuration(format(parameters, threads, mergers)))) {
      LuceneRows.add(set, writer, LuceneSimilarity.of(set), threads);
      writer.forceMerge(1);
    }
  }

  @Override
  public AnnIndex open(DataSet set, Parameters parameters, Path folder) throws IOException {
    return LuceneIndex.open(folder, encoding != null);
  }

  private static IndexWriterConfig configuration(KnnVectorsFormat format) {
    IndexWriterConfig config = new IndexWriterConfig(null);
    config.setRAMBufferSizeMB(BUFFER_MIB);
    config.setUseCompoundFile(false);
    config.setCodec(LuceneCodec.of(format));
    return config;
  }

  private KnnVectorsFormat format(Parameters parameters, int threads, ExecutorService mergers) {
    int maxConn = parameters.integer("maxConn");
    int beamWidth = parameters.integer("beamWidth");
    ExecutorService executor = threads == 1 ? null : mergers;
    return Optional.ofNullable(encoding)
        .<KnnVectorsFormat>map(chosen ->
            new Lucene104HnswScalarQuantizedVectorsFormat(
                chosen, maxConn, beamWidth, threads, executor))
        .orElseGet(() -> new Lucene99HnswVectorsFormat(maxConn, beamWidth, threads, executor));
  }
}
