package io.firn.cli.load;

import io.firn.FirnException;
import io.firn.Metadata;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows of a JSONL file: an object per line with {@code id}, {@code text} or {@code vector}, and
 * metadata. Blank lines are skipped.
 */
final class JsonLines implements Closeable {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final BufferedReader reader;
  private long line;

  JsonLines(Path file) throws IOException {
    this.file = file;
    this.reader = Files.newBufferedReader(file);
  }

  /** The next row, or null at the end. */
  @Nullable JsonRow next() throws IOException {
    String text = readLine();
    while (text != null && text.isBlank()) {
      text = readLine();
    }
    return text == null ? null : parse(text);
  }

  private @Nullable String readLine() throws IOException {
    line++;
    try {
      String text = reader.readLine();
      return line == 1 && text != null && text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException _) {
      throw refused(
          "file must be UTF-8 but is not from about here: its letters would be lost. Convert the file");
    }
  }

  private JsonRow parse(String text) {
    try {
      JsonNode object = MAPPER.readTree(text);
      if (!object.isObject()) {
        throw refused(
            "line must be a JSON object but is %s: a row has named fields. Write {\"id\": ..., \"text\": ...}"
                .formatted(kind(object)));
      }
      return row(object);
    } catch (JacksonException e) {
      throw refused(
          "line must be valid JSON but is not: %s. Correct the line"
              .formatted(e.getOriginalMessage()));
    } catch (FirnException.InvalidInput e) {
      throw new CommandFailure(ExitCode.REFUSED, place() + e.getMessage());
    }
  }

  private JsonRow row(JsonNode object) {
    JsonNode vector = object.path("vector");
    JsonNode text = object.path("text");
    if (vector.isMissingNode() && !text.isString()) {
      throw refused(
          "row must have a \"text\" string or a \"vector\" array but has neither: there is nothing to search by. Add one");
    }
    if (vector.isMissingNode() && text.asString().isBlank()) {
      throw refused(
          "\"text\" must not be blank but is: it has no meaning to embed. Remove the line");
    }
    var metadata = new LinkedHashMap<String, Object>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!field.getKey().equals("id")
          && !field.getKey().equals("vector")
          && !field.getValue().isNull()) {
        metadata.put(field.getKey(), value(field.getKey(), field.getValue()));
      }
    }
    var row =
        new JsonRow(
            line,
            id(object.path("id")),
            text.isString() ? text.asString() : null,
            vector.isMissingNode() ? null : floats(vector),
            Metadata.of(metadata));
    row.checkId();
    return row;
  }

  private Object id(JsonNode id) {
    if (id.isString()) {
      return id.asString();
    }
    if (id.isIntegralNumber() && id.canConvertToLong()) {
      return id.asLong();
    }
    throw refused(
        "\"id\" must be a string or an integer of 64 bits but is %s: a row is found and replaced by it. Add one"
            .formatted(kind(id)));
  }

  private float[] floats(JsonNode array) {
    if (!array.isArray() || array.isEmpty()) {
      throw refused(
          "\"vector\" must be an array of numbers but is %s. Write [0.1, ...]"
              .formatted(kind(array)));
    }
    var floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      JsonNode element = array.get(i);
      if (!element.isNumber() || !Float.isFinite((float) element.asDouble())) {
        throw refused(
            "\"vector\" must hold numbers of float range but holds %s at index %d: it has no distance to anything. Repair or remove the line"
                .formatted(kind(element), i));
      }
      floats[i] = (float) element.asDouble();
    }
    return floats;
  }

  private Object value(String name, JsonNode value) {
    if (value.isString()) {
      return value.asString();
    }
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.asLong();
    }
    if (value.isFloatingPointNumber() && Double.isFinite(value.asDouble())) {
      return value.asDouble();
    }
    if (value.isArray() && value.valueStream().allMatch(JsonNode::isString)) {
      List<String> strings = new ArrayList<>();
      value.valueStream().forEach(element -> strings.add(element.asString()));
      return strings;
    }
    throw refused(
        "\"%s\" must be a string, boolean, 64-bit integer, double or array of strings but is %s: other values have no form on disk. Convert or remove it"
            .formatted(name, kind(value)));
  }

  /** What a value is, or the value itself if it is short. */
  private static String kind(JsonNode value) {
    if (value.isMissingNode()) {
      return "missing";
    }
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }

  private CommandFailure refused(String what) {
    return new CommandFailure(ExitCode.REFUSED, "%s%s, and import again.".formatted(place(), what));
  }

  private String place() {
    return "%s, line %d: ".formatted(file, line);
  }

  String place(JsonRow row) {
    return "%s, line %d: ".formatted(file, row.line());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
