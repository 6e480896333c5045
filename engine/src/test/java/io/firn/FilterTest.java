package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilterTest {

  private static final Metadata DUNE =
      Metadata.of(
          "title",
          "Dune",
          "year",
          1965,
          "score",
          4.25,
          "read",
          true,
          "tags",
          List.of("sf", "desert"),
          "printed",
          Instant.parse("1965-08-01T00:00:00Z"),
          "cover",
          new byte[] {1});

  @Test
  void eachConditionHoldsForItsOwnTypeOnly() {
    assertThat(field("title").eq("Dune").matches(DUNE)).isTrue();
    assertThat(field("title").eq("dune").matches(DUNE)).isFalse();
    assertThat(field("year").eq("1965").matches(DUNE)).isFalse();
    assertThat(field("year").eq(1965.0).matches(DUNE)).isTrue();
    assertThat(field("year").between(1965, 1966).matches(DUNE)).isTrue();
    assertThat(field("year").above(1965).matches(DUNE)).isFalse();
    assertThat(field("year").atLeast("1").matches(DUNE)).isFalse();
    assertThat(field("score").below(4.5).matches(DUNE)).isTrue();
    assertThat(field("read").eq(true).matches(DUNE)).isTrue();
    assertThat(field("read").in("true", 1, true).matches(DUNE)).isTrue();
    assertThat(field("printed").atMost(Instant.parse("1965-08-01T00:00:00Z")).matches(DUNE))
        .isTrue();
    assertThat(field("title").startsWith("Du").matches(DUNE)).isTrue();
    assertThat(field("title").contains("un").matches(DUNE)).isTrue();
    assertThat(field("tags").contains("sf").matches(DUNE)).isTrue();
    assertThat(field("tags").contains("s").matches(DUNE)).isFalse();
    assertThat(field("tags").startsWith("s").matches(DUNE)).isFalse();
    assertThat(field("cover").exists().matches(DUNE)).isTrue();
    assertThat(field("author").exists().matches(DUNE)).isFalse();
  }

  @Test
  void notIsTheOppositeAlsoWhereTheFieldIsAbsent() {
    assertThat(Filter.not(field("author").eq("Herbert")).matches(DUNE)).isTrue();
    assertThat(Filter.not(field("year").atLeast(0)).matches(DUNE)).isFalse();
  }

  @Test
  void andOfNothingIsTrueAndOrOfNothingIsFalse() {
    assertThat(Filter.all().matches(Metadata.EMPTY)).isTrue();
    assertThat(Filter.all().matches(DUNE)).isTrue();
    assertThat(Filter.any().matches(DUNE)).isFalse();
    assertThat(field("year").eq(1).or(field("read").eq(true)).matches(DUNE)).isTrue();
    assertThat(field("year").eq(1).and(field("read").eq(true)).matches(DUNE)).isFalse();
  }

  @Test
  void numbersCompareExactly() {
    long seed = 5;
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long whole = random.nextLong() >> random.nextInt(64);
      double near = (double) whole + random.nextInt(3) - 1 + (random.nextBoolean() ? 0.5 : 0);
      int expected = new BigDecimal(whole).compareTo(new BigDecimal(near));
      assertThat(Integer.signum(Values.compare(whole, near)))
          .as("%d and %s, seed %d", whole, near, seed)
          .isEqualTo(expected);
      assertThat(Integer.signum(Values.compare(near, whole))).isEqualTo(-expected);
    }
    Metadata exact = Metadata.of("n", 1746714878034235396L);
    assertThat(field("n").eq(1746714878034235397L).matches(exact)).isFalse();
    assertThat(field("n").eq(1746714878034235396L).matches(exact)).isTrue();
    assertThat(Values.compare(0.0, -0.0)).isZero();
    assertThat(Values.compare(Long.MAX_VALUE, 0x1p63)).isNegative();
    assertThat(Values.compare(Long.MIN_VALUE, -0x1p63)).isZero();
  }

  @Test
  void nanEqualsNothingAndIsNoFilterValue() {
    Metadata nan = Metadata.of("n", Double.NaN);
    assertThat(field("n").atLeast(Double.NEGATIVE_INFINITY).matches(nan)).isFalse();
    assertThat(field("n").exists().matches(nan)).isTrue();
    assertThatThrownBy(() -> field("n").eq(Double.NaN))
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void stringsAreInTheOrderOfUtf8() {
    long seed = 6;
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String one = text(random);
      String other = text(random);
      int expected =
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
      assertThat(Integer.signum(Values.compare(one, other)))
          .as("%s and %s, seed %d", one, other, seed)
          .isEqualTo(Integer.signum(expected));
    }
  }

  private static String text(Random random) {
    int[] points = {'a', 'b', 0xE9, 0xD7FF, 0xE000, 0xFFFD, 0x1F600, 0x10FFFF};
    var text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertThatThrownBy(() -> field("n").eq(new byte[0]))
        .isInstanceOf(FirnException.InvalidInput.class);
    assertThatThrownBy(() -> field("n").eq(List.of("a")))
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("contains");
    assertThatThrownBy(() -> field("n").between(1, "2"))
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("one type");
    assertThatThrownBy(() -> field("n").contains("\uD83D"))
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("surrogate");
    assertThatThrownBy(() -> new Filter.Range("n", null, true, null, true))
        .isInstanceOf(FirnException.InvalidInput.class);
  }

  @Test
  void filtersAreValues() {
    assertThat(field("a").eq(1).and(field("b").startsWith("x")))
        .isEqualTo(field("a").eq(1L).and(field("b").startsWith("x")));
    assertThat(Filter.all(field("a").exists(), Filter.not(field("b").exists())).fields())
        .containsExactlyInAnyOrder("a", "b");
  }
}
