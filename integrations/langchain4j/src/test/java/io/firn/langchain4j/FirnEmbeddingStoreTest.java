package io.firn.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreAddAllContract;
import dev.langchain4j.store.embedding.EmbeddingStoreWithFilteringIT;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Durability;
import io.firn.Firn;
import io.firn.Metric;
import io.firn.Options;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own tests of a store that filters, on a database on disk. */
class FirnEmbeddingStoreTest extends EmbeddingStoreWithFilteringIT
    implements EmbeddingStoreAddAllContract {

  private static final EmbeddingModel MODEL = new AllMiniLmL6V2QuantizedEmbeddingModel();

  @TempDir static Path directory;
  private static Database db;

  @BeforeAll
  static void open() {
    Options options = Options.DEFAULT.withDurability(Durability.interval(Duration.ofSeconds(1)));
    db = Firn.open(directory.resolve("db"), options);
  }

  @AfterAll
  static void close() {
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

  @Override
  protected void clearStore() {
    embeddingStore().removeAll();
  }

  @Override
  protected boolean supportsContains() {
    return true;
  }
}
