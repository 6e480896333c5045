package io.firn.bench.filter;

import io.firn.bench.data.DataSet;
import io.firn.bench.engine.LuceneSimilarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.MMapDirectory;

/**
 * Lucene's HNSW over full precision in one segment, the number as an indexed field with doc values,
 * and {@code KnnFloatVectorQuery} with a range query as its filter: the way Lucene documents.
 */
final class LuceneFiltered implements FilteredIndex {

  private static final String ID = "id";
  private static final String NUMBER = "number";
  private static final String VECTOR = "vector";

  private final MMapDirectory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final int[] idOfDocument;

  private LuceneFiltered(MMapDirectory directory) throws IOException {
    this.directory = directory;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    this.idOfDocument = new int[reader.maxDoc()];
    for (LeafReaderContext leaf : reader.leaves()) {
      SortedNumericDocValues values = leaf.reader().getSortedNumericDocValues(ID);
      for (int doc = values.nextDoc();
          doc != SortedNumericDocValues.NO_MORE_DOCS;
          doc = values.nextDoc()) {
        idOfDocument[leaf.docBase + doc] = (int) values.nextValue();
      }
    }
  }

  /** Opens the index in a folder, building it if it is not there. */
  static LuceneFiltered open(DataSet set, float[][] vectors, long[] numbers, Path folder)
      throws IOException {
    if (!Files.exists(folder)) {
      Path building = folder.resolveSibling(folder.getFileName() + ".new");
      try (MMapDirectory directory = new MMapDirectory(building)) {
        build(set, vectors, numbers, directory);
      }
      Files.move(building, folder);
    }
    return new LuceneFiltered(new MMapDirectory(folder));
  }

  private static void build(DataSet set, float[][] vectors, long[] numbers, MMapDirectory directory)
      throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(null);
    config.setRAMBufferSizeMB(1_900);
    config.setOpenMode(IndexWriterConfig.OpenMode.CREATE); // what an interrupted build left goes
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int id = 0; id < vectors.length; id++) {
        Document document = new Document();
        document.add(new KnnFloatVectorField(VECTOR, vectors[id], LuceneSimilarity.of(set)));
        document.add(new IntField(ID, id, Field.Store.NO));
        document.add(new LongField(NUMBER, numbers[id], Field.Store.NO));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
  }

  @Override
  public String name() {
    return "lucene";
  }

  @Override
  public int[] search(float[] query, int candidates, long below) throws IOException {
    var filter = LongField.newRangeQuery(NUMBER, Long.MIN_VALUE, below - 1);
    var nearest = new KnnFloatVectorQuery(VECTOR, query, candidates, filter);
    ScoreDoc[] found = searcher.search(nearest, 10).scoreDocs;
    int[] ids = new int[found.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = idOfDocument[found[i].doc];
    }
    return ids;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}
