package io.firn.write;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which metadata fields to read of a record; the others are passed over.
 *
 * @param names null for all
 */
public record Fields(@Nullable Set<String> names) {

  public static final Fields ALL = new Fields((Set<String>) null);
  public static final Fields NONE = new Fields(Set.of());

  public static Fields of(String... names) {
    return new Fields(Set.of(names));
  }

  /** True if no field is wanted. */
  public boolean none() {
    return names != null && names.isEmpty();
  }

  boolean wants(String name) {
    return names == null || names.contains(name);
  }
}
