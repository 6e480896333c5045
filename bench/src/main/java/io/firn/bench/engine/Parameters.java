package io.firn.bench.engine;

import java.util.Map;
import java.util.TreeMap;

/** Named choices of an engine, such as {@code m=16}. Immutable; equal choices print equally. */
public record Parameters(Map<String, String> values) {

  public Parameters {
    values = Map.copyOf(values);
  }

  /** Alternating names and values. */
  static Parameters of(Object... namesAndValues) {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
    }
    return new Parameters(values);
  }

  /** These and one more. */
  Parameters and(String name, Object value) {
    Map<String, String> more = new TreeMap<>(values);
    more.put(name, value.toString());
    return new Parameters(more);
  }

  /** These choices, with those of {@code chosen} instead where it has them. */
  public Parameters with(Map<String, String> chosen, String engine) {
    Map<String, String> merged = new TreeMap<>(values);
    chosen.forEach((name, value) -> {
      if (merged.put(name, value) == null) {
        throw new IllegalArgumentException(
            "parameter of %s must be one of %s but is '%s': an unknown one would have no effect. Correct the name."
                .formatted(engine, new TreeMap<>(values).keySet(), name));
      }
    });
    return new Parameters(merged);
  }

  /** A whole number. */
  public int integer(String name) {
    return Integer.parseInt(text(name));
  }

  /** A text. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("adapter reads a parameter it does not declare: " + name);
    }
    return value;
  }

  @Override
  public String toString() {
    return new TreeMap<>(values).toString();
  }
}
