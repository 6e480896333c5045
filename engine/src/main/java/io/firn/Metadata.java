package io.firn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Typed fields beside a vector: each value is a String, Long, Double, Boolean, Instant, list of
 * String, or bytes. Numbers keep their type: a long never passes through a double. Immutable;
 * fields keep the order in which they were given, which does not count for equality.
 */
public final class Metadata {

  /** No fields. */
  public static final Metadata EMPTY = new Metadata(new LinkedHashMap<>());

  /** Most UTF-8 bytes in a field's name. */
  public static final int MAX_NAME_BYTES = 255;

  private final Map<String, Object> fields;

  private Metadata(Map<String, Object> fields) {
    this.fields = fields;
  }

  /**
   * Fields as name, value, name, value. Byte, Short and Integer become Long, Float becomes Double,
   * so that {@code of("year", 1965)} does what it says.
   *
   * @throws FirnException.InvalidInput if a name is not a String, is empty, too long or given
   *     twice, or a value has another type
   */
  public static Metadata of(Object... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new FirnException.InvalidInput(
          "metadata must be name, value pairs but has %d arguments: the last name has no value. Add it."
              .formatted(namesAndValues.length));
    }
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      add(fields, namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields.isEmpty() ? EMPTY : new Metadata(fields);
  }

  /** The fields of a map, as in {@link #of}. */
  public static Metadata of(Map<String, ?> map) {
    var fields = new LinkedHashMap<String, Object>();
    map.forEach((name, value) -> add(fields, name, value));
    return fields.isEmpty() ? EMPTY : new Metadata(fields);
  }

  private static void add(
      Map<String, Object> fields, @Nullable Object name, @Nullable Object value) {
    String text = requireName(name);
    if (fields.put(text, canonical(text, value)) != null) {
      throw new FirnException.InvalidInput(
          "metadata name must be given once but %s is given twice: one of the values would be lost. Use a list."
              .formatted(text));
    }
  }

  /** Returns a name that a field may have. */
  static String requireName(@Nullable Object name) {
    if (!(name instanceof String text) || text.isEmpty() || Utf8.length(text) > MAX_NAME_BYTES) {
      throw new FirnException.InvalidInput(
          "metadata name must be a String of 1..%d UTF-8 bytes but is %s. Rename the field."
              .formatted(MAX_NAME_BYTES, name));
    }
    return Utf8.checked("a metadata name", text);
  }

  static Object canonical(String name, @Nullable Object value) {
    return switch (value) {
      case String text -> Utf8.checked("metadata " + name, text);
      case Long number -> number;
      case Double number -> number;
      case Boolean flag -> flag;
      case Instant time -> time;
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Float number -> number.doubleValue();
      case byte[] bytes -> bytes.clone();
      case List<?> list -> strings(name, list);
      case null, default ->
          throw new FirnException.InvalidInput(
              "metadata %s must be a String, number, Boolean, Instant, list of String or byte[] but is %s: other types have no form on disk. Convert it, or leave the field out."
                  .formatted(name, value == null ? "null" : value.getClass().getName()));
    };
  }

  private static List<String> strings(String name, List<?> list) {
    var strings = new ArrayList<String>(list.size());
    for (Object element : list) {
      if (!(element instanceof String text)) {
        throw new FirnException.InvalidInput(
            "metadata %s must be a list of String but holds %s. Convert its elements."
                .formatted(name, element == null ? "null" : element.getClass().getName()));
      }
      strings.add(Utf8.checked("metadata " + name, text));
    }
    return List.copyOf(strings);
  }

  /** The field's value as a String, or null if there is none of that name and type. */
  public @Nullable String getString(String name) {
    return fields.get(name) instanceof String text ? text : null;
  }

  /** The field's value as a long, or null if there is none of that name and type. */
  public @Nullable Long getLong(String name) {
    return fields.get(name) instanceof Long number ? number : null;
  }

  /** The field's value as a double, or null if there is none of that name and type. */
  public @Nullable Double getDouble(String name) {
    return fields.get(name) instanceof Double number ? number : null;
  }

  /** The field's value as a boolean, or null if there is none of that name and type. */
  public @Nullable Boolean getBoolean(String name) {
    return fields.get(name) instanceof Boolean flag ? flag : null;
  }

  /** The field's value as a time, or null if there is none of that name and type. */
  public @Nullable Instant getTime(String name) {
    return fields.get(name) instanceof Instant time ? time : null;
  }

  /** The field's strings, or null if there is none of that name and type. */
  public @Nullable List<String> getStrings(String name) {
    return fields.get(name) instanceof List<?> list
        ? list.stream().map(String.class::cast).toList()
        : null;
  }

  /** A copy of the field's bytes, or null if there is none of that name and type. */
  public byte @Nullable [] getBytes(String name) {
    return fields.get(name) instanceof byte[] bytes ? bytes.clone() : null;
  }

  /** The value of a field in its own type, or null. */
  public @Nullable Object get(String name) {
    Object value = fields.get(name);
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  /** The fields whose names are wanted. */
  Metadata only(Set<String> wanted) {
    var kept = new LinkedHashMap<>(fields);
    kept.keySet().retainAll(wanted);
    return kept.isEmpty() ? EMPTY : new Metadata(kept);
  }

  /** Names in the order given. */
  public Set<String> names() {
    return java.util.Collections.unmodifiableSet(fields.keySet());
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Metadata that) || !fields.keySet().equals(that.fields.keySet())) {
      return false;
    }
    return fields.entrySet().stream()
        .allMatch(field -> Objects.deepEquals(field.getValue(), that.fields.get(field.getKey())));
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (var field : fields.entrySet()) {
      Object value = field.getValue();
      hash +=
          field.getKey().hashCode()
              ^ (value instanceof byte[] bytes ? Arrays.hashCode(bytes) : value.hashCode());
    }
    return hash;
  }

  @Override
  public String toString() {
    var text = new StringBuilder("{");
    fields.forEach((name, value) ->
        text.append(text.length() == 1 ? "" : ", ")
            .append(name)
            .append('=')
            .append(value instanceof byte[] bytes ? bytes.length + " bytes" : value));
    return text.append('}').toString();
  }
}
