package io.firn.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Firn;
import io.firn.Metric;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes in comes out, whatever it is. */
class StoredSegmentTest {

  private static final Embedding EMBEDDING = Embedding.from(new float[] {0.6f, 0.8f});

  private final Database db = Firn.inMemory();
  private final EmbeddingStore<TextSegment> store =
      new FirnEmbeddingStore(db.collection("segments", CollectionSpec.of(2, Metric.COSINE)));

  @AfterEach
  void close() {
    db.close();
  }

  private List<EmbeddingMatch<TextSegment>> all() {
    return store.search(request().build()).matches();
  }

  private static EmbeddingSearchRequest.EmbeddingSearchRequestBuilder request() {
    return EmbeddingSearchRequest.builder().queryEmbedding(EMBEDDING).maxResults(100);
  }

  static List<String> ids() {
    return List.of(
        "7",
        "ünïcode 🦊 \u0000\u0001",
        "lone \uD83D surrogate",
        "x".repeat(511),
        "é".repeat(60_000),
        "\u0001sha256:0");
  }

  @ParameterizedTest
  @MethodSource("ids")
  void everyIdComesBackAndFindsItsRow(String id) {
    store.add(id, EMBEDDING);
    store.add(id, EMBEDDING);
    assertThat(all()).extracting(EmbeddingMatch::embeddingId).containsExactly(id);
    store.removeAll(List.of(id));
    assertThat(all()).isEmpty();
  }

  @Test
  void idsThatLookAlikeStayApart() {
    ids().forEach(id -> store.add(id, EMBEDDING));
    ids().forEach(id -> store.add(StoredSegment.rowId(id) + "!", EMBEDDING));
    assertThat(all()).hasSize(2 * ids().size());
    assertThat(all()).extracting(EmbeddingMatch::embeddingId).containsAll(ids());
  }

  @Test
  void metadataKeepsValuesAndTypes() {
    var metadata =
        new Metadata()
            .put("text", "not the segment's")
            .put("id", "not the row's")
            .put("long", 1746714878034235396L)
            .put("int", Integer.MIN_VALUE)
            .put("float", 1.1f)
            .put("tiny", Float.MIN_VALUE)
            .put("double", Double.MIN_VALUE)
            .put("uuid", UUID.randomUUID());
    TextSegment segment = TextSegment.from("cut within \uD83D", metadata);
    store.add(EMBEDDING, segment);
    assertThat(all().getFirst().embedded()).isEqualTo(segment);
    assertThat(all().getFirst().embedded().metadata().toMap()).isEqualTo(metadata.toMap());
    assertThat(found("long", 1746714878034235396L)).hasSize(1);
    assertThat(found("long", 1746714878034235397L)).isEmpty();
    assertThat(found("float", 1.1f)).hasSize(1);
    assertThat(found("float", 1.1)).hasSize(1);
  }

  private List<EmbeddingMatch<TextSegment>> found(String key, Object value) {
    return store.search(request().filter(new IsEqualTo(key, value)).build()).matches();
  }

  @Test
  void scoresEndAtTheBoundAsked() {
    store.add("half", Embedding.from(new float[] {0.8f, -0.6f}));
    double score = all().getFirst().score();
    assertThat(store.search(request().minScore(score).build()).matches()).hasSize(1);
    assertThat(store.search(request().minScore(Math.nextUp(score)).build()).matches()).isEmpty();
  }

  @Test
  void blankIdIsRefused() {
    assertThatThrownBy(() -> store.add(" ", EMBEDDING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blank");
  }

  @Test
  void unknownFilterAndOtherMetricAreRefused() {
    assertThatThrownBy(() -> store.removeAll(object -> true))
        .hasMessageContaining("must be one of LangChain4j's comparisons");
    var spec = CollectionSpec.of(2, Metric.EUCLIDEAN);
    assertThatThrownBy(() -> new FirnEmbeddingStore(db.collection("other", spec)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("COSINE");
  }
}
