package io.firn.cli;

import io.firn.cli.text.TextEmbedder;
import org.jspecify.annotations.Nullable;

/** Loads the model when the first text comes, if one comes. */
final class LazyEmbedder implements AutoCloseable {

  private @Nullable TextEmbedder loaded;

  TextEmbedder get() {
    if (loaded == null) {
      loaded = TextEmbedder.miniLm();
    }
    return loaded;
  }

  @Override
  public void close() {
    if (loaded != null) {
      loaded.close();
    }
  }
}
