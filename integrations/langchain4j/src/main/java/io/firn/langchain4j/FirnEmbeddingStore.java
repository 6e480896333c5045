package io.firn.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import io.firn.Collection;
import io.firn.Hit;
import io.firn.Metric;
import io.firn.Row;
import io.firn.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Text segments and their embeddings in a collection of Firn. Scores are LangChain4j's relevance,
 * {@code (1 + cosine) / 2}. A write is as durable as the database says when the call returns, and
 * each {@code addAll} and {@code removeAll} happens whole or not at all. Safe for any thread; the
 * database stays the caller's to close.
 */
public final class FirnEmbeddingStore implements EmbeddingStore<TextSegment> {

  /** A distance is a float: what its rounding hides is decided by the score, in double. */
  private static final float DISTANCE_SLACK = 1e-6f;

  private final Collection collection;

  /**
   * A store over a collection that it alone writes to.
   *
   * @throws IllegalArgumentException if the collection's metric is not {@link Metric#COSINE}
   */
  public FirnEmbeddingStore(Collection collection) {
    if (collection.spec().metric() != Metric.COSINE) {
      throw new IllegalArgumentException(
          "the collection's metric must be COSINE but is %s: scores are made from cosines. Create a collection for the store."
              .formatted(collection.spec().metric()));
    }
    this.collection = collection;
  }

  @Override
  public String add(Embedding embedding) {
    return addAll(List.of(embedding)).getFirst();
  }

  @Override
  public void add(String id, Embedding embedding) {
    addAll(List.of(id), List.of(embedding), null);
  }

  @Override
  public String add(Embedding embedding, TextSegment segment) {
    return addAll(List.of(embedding), List.of(segment)).getFirst();
  }

  @Override
  public List<String> addAll(List<Embedding> embeddings) {
    List<String> ids = embeddings.stream().map(_ -> UUID.randomUUID().toString()).toList();
    addAll(ids, embeddings, null);
    return ids;
  }

  @Override
  public void addAll(
      @Nullable List<String> ids,
      @Nullable List<Embedding> embeddings,
      @Nullable List<TextSegment> segments) {
    int count = embeddings == null ? 0 : embeddings.size();
    int idCount = ids == null ? 0 : ids.size();
    if (idCount != count) {
      throw new IllegalArgumentException(
          "ids size (%d) is not equal to embeddings size (%d)".formatted(idCount, count));
    }
    if (segments != null && segments.size() != count) {
      throw new IllegalArgumentException(
          "embeddings size (%d) is not equal to embedded size (%d)"
              .formatted(count, segments.size()));
    }
    if (ids == null || embeddings == null || count == 0) {
      return;
    }
    var rows = new ArrayList<Row>(count);
    for (int i = 0; i < count; i++) {
      TextSegment segment = segments == null ? null : segments.get(i);
      rows.add(StoredSegment.row(ids.get(i), embeddings.get(i).vector(), segment));
    }
    collection.upsertAll(rows);
  }

  @Override
  public void remove(String id) {
    StoredSegment.requireId(id);
    collection.delete(StoredSegment.rowId(id));
  }

  @Override
  public void removeAll(java.util.@Nullable Collection<String> ids) {
    if (ids != null && !ids.isEmpty()) {
      List<String> rowIds = ids.stream().map(StoredSegment::rowId).toList();
      collection.deleteAll(rowIds);
    }
  }

  @Override
  public void removeAll(@Nullable Filter filter) {
    if (filter == null) {
      throw new IllegalArgumentException(
          "filter cannot be null"); // the sentence is LangChain4j's, its tests compare it
    }
    collection.deleteWhere(Filters.translated(filter));
  }

  @Override
  public void removeAll() {
    collection.deleteWhere(io.firn.Filter.all());
  }

  @Override
  public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
    Search search =
        collection
            .search(request.queryEmbedding().vector())
            .k(Math.min(request.maxResults(), Search.MAX_K))
            .withVector()
            .withMetadata();
    if (request.filter() != null) {
      search.where(Filters.translated(request.filter()));
    }
    if (request.minScore() > 0) {
      search.within((float) (2 * (1 - request.minScore())) + DISTANCE_SLACK);
    }
    List<EmbeddingMatch<TextSegment>> matches =
        search.run().stream()
            .map(FirnEmbeddingStore::match)
            .filter(match -> match.score() >= request.minScore())
            .toList();
    return new EmbeddingSearchResult<>(matches);
  }

  private static EmbeddingMatch<TextSegment> match(Hit hit) {
    double score = 1 - (double) hit.distance() / 2; // (1 + cosine) / 2, as distance = 1 - cosine
    return new EmbeddingMatch<>(
        Math.clamp(score, 0, 1),
        StoredSegment.id(hit.id(), hit.metadata()),
        Embedding.from(hit.vector()),
        StoredSegment.segment(hit.metadata()));
  }
}
