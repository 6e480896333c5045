package io.firn.index;

import io.firn.Filter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out which part of a filter the indexes of a collection answer. For one filter. */
final class FilterSplit {

  private final Map<List<String>, FieldIndex> ready;
  private final List<Filter> indexed = new ArrayList<>();
  private final List<Filter> rest = new ArrayList<>();
  private final Set<FieldIndex> used = new LinkedHashSet<>();

  /** A split by the indexes that may be used, by their fields. */
  FilterSplit(Map<List<String>, FieldIndex> ready) {
    this.ready = ready;
  }

  /** The split, or null if no part is answered. */
  @Nullable IndexedFilter split(Filter filter) {
    var parts = new ArrayList<Filter>();
    flatten(filter, parts);
    takeEach(takeTogether(parts));
    return indexed.isEmpty()
        ? null
        : new IndexedFilter(
            new Filter.And(List.copyOf(indexed)),
            rest.isEmpty() ? null : new Filter.And(List.copyOf(rest)),
            List.copyOf(used));
  }

  private static void flatten(Filter filter, List<Filter> parts) {
    if (filter instanceof Filter.And(List<Filter> all)) {
      all.forEach(part -> flatten(part, parts));
    } else {
      parts.add(filter);
    }
  }

  /** Takes the parts that an index of several fields answers, of most fields first. */
  private List<Filter> takeTogether(List<Filter> parts) {
    List<Filter> left = parts;
    List<FieldIndex> composites =
        ready.values().stream()
            .filter(index -> index.fields().size() > 1)
            .sorted((one, other) -> Integer.compare(other.fields().size(), one.fields().size()))
            .toList();
    for (FieldIndex index : composites) {
      List<Filter> together = Composite.conditions(index.fields(), left);
      if (!together.isEmpty()) {
        indexed.addAll(together);
        used.add(index);
        left = Evaluation.without(left, together);
      }
    }
    return left;
  }

  private void takeEach(List<Filter> parts) {
    for (Filter part : parts) {
      Set<String> fields = part.fields();
      if (fields.stream().allMatch(field -> ready.containsKey(List.of(field)))) {
        indexed.add(part);
        fields.forEach(field -> used.add(Objects.requireNonNull(ready.get(List.of(field)))));
      } else {
        rest.add(part);
      }
    }
  }
}
