package io.firn;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a row's metadata, as a value: there is no query text that could be misread. Made
 * by {@link Field#field}, joined by {@link #and}, {@link #or} and {@link #not}. Immutable; equal if
 * they say the same in the same order.
 *
 * <p>Types are strict. A long and a double compare as the exact numbers they are; otherwise values
 * of different types are neither equal nor in order, and a condition on a field that a row does not
 * have, or has in another type, is false. So {@code not(eq("a"))} is true for rows without the
 * field.
 */
public sealed interface Filter {

  /** True if a row with this metadata passes. */
  default boolean matches(Metadata metadata) {
    return switch (this) {
      case In(String field, List<Object> values) -> {
        Object found = metadata.get(field);
        yield found != null && values.stream().anyMatch(value -> Values.equal(found, value));
      }
      case Range range -> range.holds(metadata.get(range.field()));
      case Exists(String field) -> metadata.get(field) != null;
      case Prefix(String field, String prefix) ->
          metadata.get(field) instanceof String text && text.startsWith(prefix);
      case Contains(String field, String text) -> contains(metadata.get(field), text);
      case And(List<Filter> all) -> all.stream().allMatch(part -> part.matches(metadata));
      case Or(List<Filter> any) -> any.stream().anyMatch(part -> part.matches(metadata));
      case Not(Filter inner) -> !inner.matches(metadata);
    };
  }

  private static boolean contains(@Nullable Object value, String text) {
    return switch (value) {
      case String whole -> whole.contains(text);
      case List<?> list -> list.contains(text);
      case null, default -> false;
    };
  }

  /** Both. */
  default Filter and(Filter other) {
    return new And(List.of(this, other));
  }

  /** One of both, or both. */
  default Filter or(Filter other) {
    return new Or(List.of(this, other));
  }

  /** The opposite. */
  static Filter not(Filter filter) {
    return new Not(filter);
  }

  /** All of them; {@code all()} is every row. */
  static Filter all(Filter... filters) {
    return new And(Arrays.asList(filters));
  }

  /** At least one of them; false if there are none. */
  static Filter any(Filter... filters) {
    return new Or(Arrays.asList(filters));
  }

  /** Names of the fields it asks for. */
  default Set<String> fields() {
    return Set.copyOf(named().toList());
  }

  private Stream<String> named() {
    return switch (this) {
      case In in -> Stream.of(in.field());
      case Range range -> Stream.of(range.field());
      case Exists exists -> Stream.of(exists.field());
      case Prefix prefix -> Stream.of(prefix.field());
      case Contains contains -> Stream.of(contains.field());
      case And(List<Filter> all) -> all.stream().flatMap(Filter::named);
      case Or(List<Filter> any) -> any.stream().flatMap(Filter::named);
      case Not(Filter inner) -> inner.named();
    };
  }

  /** The field is one of the values: String, Long, Double, Boolean or Instant. */
  record In(String field, List<Object> values) implements Filter {
    public In {
      String name = field;
      values = values.stream().map(value -> Values.canonical(name, value)).toList();
    }
  }

  /**
   * The field lies between two values of one type; null leaves a side open.
   *
   * @param fromIncluded whether {@code from} itself is inside
   * @param toIncluded whether {@code to} itself is inside
   */
  record Range(
      String field,
      @Nullable Object from,
      boolean fromIncluded,
      @Nullable Object to,
      boolean toIncluded)
      implements Filter {

    public Range {
      if (from == null && to == null) {
        throw new FirnException.InvalidInput(
            "a range of %s must have a bound but has none: it would hold for any value. Use exists()."
                .formatted(field));
      }
      from = from == null ? null : Values.canonical(field, from);
      to = to == null ? null : Values.canonical(field, to);
      if (from != null && to != null && !Values.comparable(from, to)) {
        throw new FirnException.InvalidInput(
            "a range of %s must have bounds of one type but has %s and %s: no value lies between them. Use two numbers, strings, booleans or times."
                .formatted(field, from, to));
      }
    }

    boolean holds(@Nullable Object value) {
      return value != null
          && (from == null || side(Values.compare(value, from), fromIncluded))
          && (to == null || side(Values.compare(to, value), toIncluded));
    }

    private static boolean side(int order, boolean included) {
      return order != Values.UNORDERED && (included ? order >= 0 : order > 0);
    }
  }

  /** The row has the field. */
  record Exists(String field) implements Filter {}

  /** The field is a string that begins so. */
  record Prefix(String field, String prefix) implements Filter {
    public Prefix {
      Utf8.checked("a prefix of " + field, prefix);
    }
  }

  /** The field is a string with this text somewhere in it, or a list with this string in it. */
  record Contains(String field, String text) implements Filter {
    public Contains {
      Utf8.checked("a part of " + field, text);
    }
  }

  /** Every one; true if there are none. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
    }
  }

  /** At least one; false if there are none. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
    }
  }

  /** Not that. */
  record Not(Filter filter) implements Filter {}
}
