package io.firn;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metadata field by name, to say something of it: {@code field("year").atLeast(1960)}. Values are
 * String, Boolean, Instant, or any number.
 *
 * @param name of the field
 */
public record Field(String name) {

  /** The field of that name. */
  public static Field field(String name) {
    return new Field(name);
  }

  public Filter eq(Object value) {
    return new Filter.In(name, List.of(value));
  }

  public Filter in(Object... values) {
    return new Filter.In(name, Arrays.asList(values));
  }

  public Filter in(Collection<?> values) {
    return new Filter.In(name, List.copyOf(values));
  }

  /** {@code from <= value}. */
  public Filter atLeast(Object from) {
    return range(from, true, null, false);
  }

  /** {@code from < value}. */
  public Filter above(Object from) {
    return range(from, false, null, false);
  }

  /** {@code value <= to}. */
  public Filter atMost(Object to) {
    return range(null, false, to, true);
  }

  /** {@code value < to}. */
  public Filter below(Object to) {
    return range(null, false, to, false);
  }

  /** {@code from <= value <= to}. */
  public Filter between(Object from, Object to) {
    return range(from, true, to, true);
  }

  private Filter range(
      @Nullable Object from, boolean fromIncluded, @Nullable Object to, boolean toIncluded) {
    return new Filter.Range(name, from, fromIncluded, to, toIncluded);
  }

  /** The row has the field, whatever its value. */
  public Filter exists() {
    return new Filter.Exists(name);
  }

  /** The field is a string that begins with {@code prefix}. */
  public Filter startsWith(String prefix) {
    return new Filter.Prefix(name, prefix);
  }

  /** The field is a string with {@code text} in it, or a list with the element {@code text}. */
  public Filter contains(String text) {
    return new Filter.Contains(name, text);
  }
}
