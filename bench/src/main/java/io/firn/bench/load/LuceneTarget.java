package io.firn.bench.load;

import io.firn.CollectionSpec;
import io.firn.Row;
import io.firn.bench.data.DataSet;
import io.firn.bench.engine.LuceneCodec;
import io.firn.bench.engine.LuceneRows;
import io.firn.bench.engine.LuceneSimilarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.MMapDirectory;

/**
 * Rows to Lucene with its defaults, but as many candidates while linking as Firn has: each write
 * replaces documents by id and commits.
 */
final class LuceneTarget implements IngestTarget {

  private static final double BULK_BUFFER_MIB = 1_900; // the most Lucene allows is 2047

  private final Path folder;
  private final VectorSimilarityFunction similarity;
  private final MMapDirectory directory;
  private final ConcurrentMergeScheduler merges = new ConcurrentMergeScheduler();
  private final IndexWriter writer;

  LuceneTarget(Path work, DataSet set) throws IOException {
    this.folder = Files.createTempDirectory(Files.createDirectories(work), "lucene");
    this.similarity = LuceneSimilarity.of(set);
    this.directory = new MMapDirectory(folder);
    CollectionSpec firn = FirnFixture.spec(set);
    KnnVectorsFormat format = new Lucene99HnswVectorsFormat(firn.m(), firn.efConstruction());
    this.writer =
        new IndexWriter(
            directory,
            new IndexWriterConfig(null).setMergeScheduler(merges).setCodec(LuceneCodec.of(format)));
  }

  @Override
  public void write(List<Row> rows) throws IOException {
    for (Row row : rows) {
      writer.updateDocument(new Term("id", row.id()), document(row));
    }
    writer.commit(); // commits of other threads too, if they come first
  }

  private Document document(Row row) {
    Document document = new Document();
    document.add(new KnnFloatVectorField("vector", row.vector(), similarity));
    document.add(new StringField("id", row.id(), Field.Store.NO));
    return document;
  }

  @Override
  public void bulk(List<Row> rows) throws IOException {
    writer.getConfig().setRAMBufferSizeMB(BULK_BUFFER_MIB);
    int threads = Runtime.getRuntime().availableProcessors(); // as many as Firn's bulk load takes
    LuceneRows.add(writer, rows.size(), at -> document(rows.get(at)), threads);
    writer.commit();
  }

  @Override
  public void settle() {
    merges.sync();
  }

  @Override
  public long count() {
    return writer.getDocStats().numDocs;
  }

  @Override
  public void close() throws IOException {
    writer.close();
    directory.close();
    FirnFixture.delete(folder);
  }
}
