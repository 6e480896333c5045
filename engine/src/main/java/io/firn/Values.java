package io.firn;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How metadata values compare: exactly, and only with their own kind. */
final class Values {

  /** Of two values that have no order. */
  static final int UNORDERED = Integer.MIN_VALUE;

  private Values() {}

  /** The value in the type in which metadata keeps it. */
  static Object canonical(String field, @Nullable Object value) {
    Object kept = Metadata.canonical(field, value);
    if (kept instanceof List<?> || kept instanceof byte[]) {
      throw new FirnException.InvalidInput(
          "a filter's value for %s must be a String, number, Boolean or Instant but is a list or bytes: these have no order. Use contains for an element of a list."
              .formatted(field));
    }
    if (kept instanceof Double number && number.isNaN()) {
      throw new FirnException.InvalidInput(
          "a filter's value for %s must be a number but is NaN: nothing equals it. Use exists()."
              .formatted(field));
    }
    return kept;
  }

  static boolean equal(Object one, Object other) {
    return compare(one, other) == 0;
  }

  static boolean comparable(Object one, Object other) {
    return compare(one, other) != UNORDERED;
  }

  /** Below, equal to or above 0 as {@code one} is to {@code other}; or {@link #UNORDERED}. */
  static int compare(Object one, Object other) {
    return switch (one) {
      case String text when other instanceof String that -> compareTexts(text, that);
      case Boolean flag when other instanceof Boolean that -> Boolean.compare(flag, that);
      case Instant time when other instanceof Instant that -> Integer.signum(time.compareTo(that));
      case Long number when other instanceof Long that -> Long.compare(number, that);
      case Long number when other instanceof Double that -> compareMixed(number, that);
      case Double number when other instanceof Long that -> reversed(compareMixed(that, number));
      case Double number when other instanceof Double that -> compareDoubles(number, that);
      default -> UNORDERED;
    };
  }

  /** By code points, which is also the order of UTF-8. */
  private static int compareTexts(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
        return sameKind ? Character.compare(a, b) < 0 ? -1 : 1 : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  private static int reversed(int order) {
    return order == UNORDERED ? order : -order;
  }

  /** As numbers: -0.0 is 0.0, and NaN has no order. */
  private static int compareDoubles(double one, double other) {
    if (one == other) {
      return 0;
    }
    return one < other ? -1 : one > other ? 1 : UNORDERED;
  }

  /** Exactly: a long beyond 2^53 does not become a double first. */
  private static int compareMixed(long one, double other) {
    if (Double.isNaN(other)) {
      return UNORDERED;
    }
    if (other >= 0x1p63) {
      return -1;
    }
    if (other < -0x1p63) {
      return 1;
    }
    long whole = (long) other; // towards zero
    int order = Long.compare(one, whole);
    return order != 0 ? order : (int) Math.signum(whole - other);
  }
}
