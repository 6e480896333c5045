package io.firn.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import io.firn.Metadata;
import io.firn.Row;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A text segment as the metadata of a row. LangChain4j's field {@code name} is {@code m.name}
 * there; {@code text} is the segment's text, absent without a segment; {@code types} lists the
 * fields that come back in a narrower type than Firn keeps; {@code id} is an id that is too long or
 * no Unicode.
 */
final class StoredSegment {

  private static final String TEXT = "text";
  private static final String TYPES = "types";
  private static final String ID = "id";
  private static final String FIELD = "m.";
  private static final int MAX_ID_BYTES = 60_000;

  /** Begins the row id of an id that is stored as metadata; a control character few ids have. */
  private static final String DIGEST = "\u0001sha256:";

  private StoredSegment() {}

  static Row row(String id, float[] vector, @Nullable TextSegment segment) {
    Map<String, Object> fields = new LinkedHashMap<>();
    requireId(id);
    String rowId = rowId(id);
    if (!rowId.equals(id)) {
      fields.put(ID, chars(id));
    }
    if (segment != null) {
      fields.put(TEXT, storable(segment.text()));
      var types = new ArrayList<String>();
      segment
          .metadata()
          .toMap()
          .forEach((name, value) -> {
            fields.put(field(name), storable(value));
            String type = typeOf(value);
            if (type != null) {
              types.add(type + name);
            }
          });
      if (!types.isEmpty()) {
        fields.put(TYPES, types);
      }
    }
    return Row.of(rowId, vector, Metadata.of(fields));
  }

  static void requireId(@Nullable String id) {
    if (id == null || id.isBlank()) {
      throw new IllegalArgumentException(
          "id cannot be null or blank"); // the sentence is LangChain4j's, its tests compare it
    }
  }

  /** The id itself, or a digest of one that no row can have. */
  static String rowId(String id) {
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    boolean whole =
        utf8.length > 0 && utf8.length <= MAX_ID_BYTES && isUnicode(id) && !id.startsWith(DIGEST);
    return whole ? id : DIGEST + HexFormat.of().formatHex(sha256(id));
  }

  private static byte[] sha256(String id) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(chars(id));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** The text as it is: an encoder of Java would replace half a character. */
  private static byte[] chars(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * Character.BYTES);
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }

  private static String text(byte[] chars) {
    return ByteBuffer.wrap(chars).asCharBuffer().toString();
  }

  static String id(String rowId, Metadata metadata) {
    byte[] stored = metadata.getBytes(ID);
    return stored == null ? rowId : text(stored);
  }

  static String field(String name) {
    return FIELD + name;
  }

  /**
   * The value in a type that Firn keeps and compares as LangChain4j does: a float as the number
   * that it prints. Text that was cut within a character has no UTF-8 form and becomes bytes.
   */
  static Object storable(Object value) {
    return switch (value) {
      case Float number -> Double.parseDouble(number.toString());
      case UUID uuid -> uuid.toString();
      case String text when !isUnicode(text) -> chars(text);
      default -> value;
    };
  }

  private static @Nullable String typeOf(Object value) {
    return switch (value) {
      case Integer _ -> "i";
      case Float _ -> "f";
      case UUID _ -> "u";
      default -> null;
    };
  }

  static @Nullable TextSegment segment(Metadata stored) {
    Object text = stored.get(TEXT);
    if (text == null) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name : stored.names()) {
      if (name.startsWith(FIELD)) {
        fields.put(name.substring(FIELD.length()), read(stored.get(name)));
      }
    }
    List<String> types = stored.getStrings(TYPES);
    if (types != null) {
      types.forEach(type ->
          fields.computeIfPresent(type.substring(1), (_, value) -> typed(type.charAt(0), value)));
    }
    return TextSegment.from(
        (String) read(text), new dev.langchain4j.data.document.Metadata(fields));
  }

  private static Object read(@Nullable Object value) {
    return value instanceof byte[] bytes ? text(bytes) : Objects.requireNonNull(value);
  }

  private static Object typed(char type, Object value) {
    return switch (type) {
      case 'i' -> ((Number) value).intValue();
      case 'f' -> ((Number) value).floatValue();
      case 'u' -> UUID.fromString((String) value);
      default -> throw new IllegalStateException("type " + type);
    };
  }
}
