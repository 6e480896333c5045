package io.firn.bench.data;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.IOException;
import java.util.List;

/** Texts as vectors of the MiniLM-L6-v2 model (quantised), 384 floats of unit length. */
record Embeddings(List<String> texts) implements RowSource {

  static final int DIMENSION = 384;

  private static final int BATCH = 64;

  @Override
  public void forEach(RowSink sink) throws IOException {
    EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();
    for (int from = 0; from < texts.size(); from += BATCH) {
      List<TextSegment> batch =
          texts.subList(from, Math.min(texts.size(), from + BATCH)).stream()
              .map(TextSegment::from)
              .toList();
      for (var embedding : model.embedAll(batch).content()) {
        sink.accept(embedding.vector());
      }
    }
  }
}
