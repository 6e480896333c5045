package io.firn.bench.engine;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.document.IntField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.MMapDirectory;

/** An index on disk; ids of its documents are read once, as an application would cache them. */
final class LuceneIndex implements AnnIndex {

  private final MMapDirectory directory;
  private final boolean quantized;
  private DirectoryReader reader;
  private int[] ids;

  private LuceneIndex(MMapDirectory directory, boolean quantized, DirectoryReader reader)
      throws IOException {
    this.directory = directory;
    this.quantized = quantized;
    this.reader = reader;
    this.ids = readIds(reader);
  }

  static LuceneIndex open(Path folder, boolean quantized) throws IOException {
    MMapDirectory directory = new MMapDirectory(folder);
    return new LuceneIndex(directory, quantized, DirectoryReader.open(directory));
  }

  @Override
  public AnnSearcher searcher() {
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    return new Searcher(searcher, ids, quantized);
  }

  @Override
  public void delete(int[] deleted) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(null).setMergePolicy(NoMergePolicy.INSTANCE);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      writer.deleteDocuments(IntField.newSetQuery(LuceneRows.ID, deleted));
    }
    reader.close();
    reader = DirectoryReader.open(directory);
    ids = readIds(reader);
  }

  private static int[] readIds(DirectoryReader reader) throws IOException {
    int[] ids = new int[reader.maxDoc()];
    for (LeafReaderContext leaf : reader.leaves()) {
      SortedNumericDocValues values = leaf.reader().getSortedNumericDocValues(LuceneRows.ID);
      for (int doc = values.nextDoc();
          doc != SortedNumericDocValues.NO_MORE_DOCS;
          doc = values.nextDoc()) {
        ids[leaf.docBase + doc] = (int) values.nextValue();
      }
    }
    return ids;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }

  private static final class Searcher implements AnnSearcher {

    private final IndexSearcher searcher;
    private final int[] idOfDocument;
    private final boolean quantized;

    Searcher(IndexSearcher searcher, int[] idOfDocument, boolean quantized) {
      this.searcher = searcher;
      this.idOfDocument = idOfDocument;
      this.quantized = quantized;
    }

    @Override
    public int search(float[] query, int k, int knob, int[] ids) throws IOException {
      Query nearest = new KnnFloatVectorQuery(LuceneRows.VECTOR, query, knob);
      if (quantized) {
        nearest =
            RescoreTopNQuery.createFullPrecisionRescorerQuery(nearest, query, LuceneRows.VECTOR, k);
      }
      ScoreDoc[] found = searcher.search(nearest, k).scoreDocs;
      for (int i = 0; i < found.length; i++) {
        ids[i] = idOfDocument[found[i].doc];
      }
      return found.length;
    }

    @Override
    public void close() {}
  }
}
