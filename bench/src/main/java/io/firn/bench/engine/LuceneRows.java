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
import java.util.function.IntFunction;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.VectorSimilarityFunction;

/** Adds documents to an index with several threads, each filling a segment of its own. */
public final class LuceneRows {

  static final String VECTOR = "vector";
  static final String ID = "id";

  private LuceneRows() {}

  static void add(DataSet set, IndexWriter writer, VectorSimilarityFunction similarity, int threads)
      throws IOException {
    float[][] rows = BaseRows.all(set);
    add(writer, rows.length, id -> document(id, rows[id], similarity), threads);
  }

  private static Document document(int id, float[] row, VectorSimilarityFunction similarity) {
    Document document = new Document();
    document.add(new KnnFloatVectorField(VECTOR, row, similarity));
    document.add(new IntField(ID, id, Field.Store.NO));
    return document;
  }

  /** Adds {@code count} documents, numbered from 0. */
  public static void add(
      IndexWriter writer, int count, IntFunction<Document> documents, int threads)
      throws IOException {
    AtomicInteger next = new AtomicInteger();
    Callable<Void> worker =
        () -> {
          for (int at = next.getAndIncrement(); at < count; at = next.getAndIncrement()) {
            writer.addDocument(documents.apply(at));
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
