package io.firn.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MiniLmTest {

  private static final List<String> TEXTS =
      List.of("a tower with a light", "Être, 你好, 🙂", "x", "word ".repeat(300).strip());

  private static final TextEmbedder EMBEDDER = TextEmbedder.miniLm();

  @AfterAll
  static void close() {
    EMBEDDER.close();
  }

  @Test
  void agreesWithTheArtifactsOwnClass() {
    var oracle = new AllMiniLmL6V2QuantizedEmbeddingModel();
    for (String text : TEXTS.subList(0, 3)) {
      float[] expected = oracle.embed(text).content().vector();
      assertThat(dot(EMBEDDER.embed(text), expected)).as(text).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void givesEqualVectorsInAnyCompanyAndInOrder() {
    var many = new ArrayList<String>();
    for (int i = 0; i < 25; i++) {
      many.addAll(TEXTS);
    }
    List<float[]> vectors = EMBEDDER.embedAll(many);

    assertThat(vectors).hasSize(many.size());
    for (int i = 0; i < many.size(); i++) {
      assertThat(vectors.get(i)).isEqualTo(EMBEDDER.embed(many.get(i)));
    }
  }

  @Test
  void givesUnitLengthAndTheStatedDimension() {
    for (float[] vector : EMBEDDER.embedAll(TEXTS)) {
      assertThat(vector).hasSize(EMBEDDER.dimension());
      assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void wordsBeyondTheWindowDoNotCount() {
    String long1 = "light ".repeat(200) + "house";
    String long2 = "light ".repeat(200) + "boat";
    assertThat(EMBEDDER.embed(long1)).isEqualTo(EMBEDDER.embed(long2));
  }

  @Test
  void refusesBlankText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EMBEDDER.embedAll(List.of("a", " \t")))
        .withMessageContaining("blank");
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
