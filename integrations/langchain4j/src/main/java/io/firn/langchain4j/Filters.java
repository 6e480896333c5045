package io.firn.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import io.firn.Field;
import io.firn.Filter;
import java.util.Collection;

/** LangChain4j's filters in Firn's terms. A field that a row lacks makes "is not" true in both. */
final class Filters {

  private Filters() {}

  static Filter translated(dev.langchain4j.store.embedding.filter.Filter filter) {
    return switch (filter) {
      case IsEqualTo is -> field(is.key()).eq(value(is.comparisonValue()));
      case IsNotEqualTo is -> Filter.not(field(is.key()).eq(value(is.comparisonValue())));
      case IsIn in -> in(in.key(), in.comparisonValues());
      case IsNotIn in -> Filter.not(in(in.key(), in.comparisonValues()));
      case IsGreaterThan than -> field(than.key()).above(value(than.comparisonValue()));
      case IsGreaterThanOrEqualTo than -> field(than.key()).atLeast(value(than.comparisonValue()));
      case IsLessThan than -> field(than.key()).below(value(than.comparisonValue()));
      case IsLessThanOrEqualTo than -> field(than.key()).atMost(value(than.comparisonValue()));
      case ContainsString contains -> field(contains.key()).contains(contains.comparisonValue());
      case And and -> translated(and.left()).and(translated(and.right()));
      case Or or -> translated(or.left()).or(translated(or.right()));
      case Not not -> Filter.not(translated(not.expression()));
      default ->
          throw new UnsupportedFeatureException(
              "a filter must be one of LangChain4j's comparisons, And, Or or Not but is %s: its meaning is not known here. Express it in those."
                  .formatted(filter.getClass().getName()));
    };
  }

  private static Filter in(String key, Collection<?> values) {
    return field(key).in(values.stream().map(Filters::value).toList());
  }

  private static Field field(String key) {
    return Field.field(StoredSegment.field(key));
  }

  private static Object value(Object value) {
    return StoredSegment.storable(value);
  }
}
