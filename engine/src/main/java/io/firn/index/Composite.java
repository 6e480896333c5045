package io.firn.index;

import io.firn.Filter;
import java.util.ArrayList;
import java.util.List;

/**
 * Which conditions of a conjunction an index of several fields answers together: values for all
 * fields but the last, and values, a range or a beginning of a text for the last one. A row is in
 * such an index only if it has a single value in every field, which those conditions ask for too.
 */
final class Composite {

  private Composite() {}

  /**
   * A condition for each field of the index, in the order of the fields; empty if one is missing.
   */
  static List<Filter> conditions(List<String> fields, List<Filter> conjunction) {
    var chosen = new ArrayList<Filter>(fields.size());
    for (String field : fields) {
      boolean last = chosen.size() == fields.size() - 1;
      for (Filter condition : conjunction) {
        if (answers(condition, field, last)) {
          chosen.add(condition);
          break;
        }
      }
    }
    return chosen.size() == fields.size() ? chosen : List.of();
  }

  private static boolean answers(Filter condition, String field, boolean last) {
    return switch (condition) {
      case Filter.In in -> in.field().equals(field);
      case Filter.Range range -> last && range.field().equals(field);
      case Filter.Prefix prefix -> last && prefix.field().equals(field);
      default -> false;
    };
  }
}
