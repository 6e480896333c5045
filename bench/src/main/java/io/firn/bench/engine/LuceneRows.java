package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.VectorSimilarityFunction;

/** Adds the base to an index with several threads, each filling a segment of its own. */
final class LuceneRows {

  static final String VECTOR = "vector";
  static final String ID = "id";

  private LuceneRows() {}

  static void add(DataSet set, IndexWriter writer, VectorSimilarityFunction similarity, int threads)
      throws IOException {
    float[][] rows = BaseRows.all(set);
    AtomicInteger next = new AtomicInteger();
    Callable<Void> worker =
        () -> {
          for (int id = next.getAndIncrement(); id < rows.length; id = next.getAndIncrement()) {
            Document document = new Document();
            document.add(new KnnFloatVectorField(VECTOR, rows[id], similarity));
            document.add(new IntField(ID, id, Field.Store.NO));
            writer.addDocument(document);
          }
          return null;
        };
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(pool.submit(worker));
      }
      for (Future<Void> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("Lucene could not index: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while Lucene indexed", e);
    }
  }
}
