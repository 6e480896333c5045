package io.firn.cli.text;

import java.util.List;

/** Turns texts into vectors whose nearness is nearness of meaning. Safe for any thread. */
public interface TextEmbedder extends AutoCloseable {

  /** Floats per vector. */
  int dimension();

  /**
   * The vectors of texts, in their order, each of unit length and {@link #dimension} floats. Equal
   * texts give equal vectors, in whatever company they come. Uses all cores.
   *
   * @param texts none of them blank
   * @throws IllegalArgumentException if a text is blank
   */
  List<float[]> embedAll(List<String> texts);

  /** As {@link #embedAll} for one text. */
  default float[] embed(String text) {
    return embedAll(List.of(text)).getFirst();
  }

  @Override
  void close();

  /**
   * The quantized all-MiniLM-L6-v2 model that a Maven artifact carries: English, 384 dimensions,
   * the first 128 word pieces of a text count. Loading it takes about a second.
   */
  static TextEmbedder miniLm() {
    return MiniLm.load();
  }
}
