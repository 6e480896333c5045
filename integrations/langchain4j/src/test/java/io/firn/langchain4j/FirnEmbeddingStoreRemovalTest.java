package io.firn.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreRemoveAllContract;
import dev.langchain4j.store.embedding.EmbeddingStoreWithRemovalIT;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Firn;
import io.firn.Metric;
import org.junit.jupiter.api.AfterEach;

/** LangChain4j's own tests of a store that removes, on a database in memory. */
class FirnEmbeddingStoreRemovalTest extends EmbeddingStoreWithRemovalIT
    implements EmbeddingStoreRemoveAllContract {

  private static final EmbeddingModel MODEL = new AllMiniLmL6V2QuantizedEmbeddingModel();

  private final Database db = Firn.inMemory();

  @AfterEach
  void close() {
    db.close();
  }

  @Override
  public EmbeddingStore<TextSegment> embeddingStore() {
    return new FirnEmbeddingStore(db.collection("segments", CollectionSpec.of(384, Metric.COSINE)));
  }

  @Override
  protected EmbeddingModel embeddingModel() {
    return MODEL;
  }
}
