package io.firn.bench.engine;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;

/** Lucene's own codec but for the vectors. */
public final class LuceneCodec {

  private LuceneCodec() {}

  /** Indexes that Lucene opens by its own name. */
  public static Codec of(KnnVectorsFormat vectors) {
    KnnVectorsFormat perField =
        new PerFieldKnnVectorsFormat() { // makes the format readable by its name alone
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return vectors;
          }
        };
    return new FilterCodec(new Lucene104Codec().getName(), new Lucene104Codec()) {
      @Override
      public KnnVectorsFormat knnVectorsFormat() {
        return perField;
      }
    };
  }
}
