package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.Explanation.SegmentPlan;
import io.firn.search.SealedSegment;
import io.firn.search.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sealed segment and some fresh rows behind it. */
class ExplanationTest {

  private static final int SEALED = 3_000;
  private static final int FRESH = 40;
  private static final int DIMENSION = 24;

  @TempDir Path directory;
  private Database db;
  private Collection rows;
  private float[] query;

  @BeforeEach
  void fill() {
    var random = new Random(4);
    db = Firn.open(directory.resolve("db"));
    db.pauseMoves();
    rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
    query = TestVectors.random(random, DIMENSION);
    rows.upsertAll(rows(0, SEALED, random));
    rows.optimize();
    rows.upsertAll(rows(SEALED, FRESH, random));
    db.flush();
  }

  private static List<Row> rows(long first, int count, Random random) {
    return LongStream.range(first, first + count)
        .mapToObj(
            id -> Row.of(id, TestVectors.random(random, DIMENSION), Metadata.of("n", id % 100)))
        .toList();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private SealedSegment sealed() {
    try (Snapshot snapshot = db.engine().snapshots().pin()) {
      return snapshot.sealedSegments().getFirst();
    }
  }

  private SegmentPlan first(Search search) {
    Explanation told = search.explain();
    assertThat(told.hits()).isEqualTo(search.run().size());
    List<SegmentPlan> segments = told.segments();
    assertThat(segments.stream().mapToInt(SegmentPlan::rows).sum()).isEqualTo((int) rows.count());
    assertThat(segments).allSatisfy(segment -> assertThat(segment.nanos()).isPositive());
    assertThat(told.searchNanos())
        .isGreaterThanOrEqualTo(segments.stream().mapToLong(SegmentPlan::nanos).sum());
    return segments.getFirst();
  }

  @Test
  void plainSearchTellsItsWalk() {
    SegmentPlan narrow = first(rows.search(query).ef(12));
    assertThat(narrow.plan()).isEqualTo(Plan.AT_RESULT);
    assertThat(narrow.candidates()).isEqualTo(12);
    assertThat(narrow.repeated()).isZero();
    SegmentPlan wide = first(rows.search(query).ef(200));
    assertThat(wide.hops()).isGreaterThan(narrow.hops());
    assertThat(narrow.hops()).isPositive();
    assertThat(wide.tier()).isEqualTo(Tier.HOT);
    SegmentPlan usual = first(rows.search(query)); // walks until it is calm
    assertThat(usual.candidates()).isEqualTo(64 << usual.repeated());
  }

  @Test
  void exactSearchTellsThatItComparedAll() {
    SegmentPlan exact = first(rows.search(query).exact());
    assertThat(exact.plan()).isEqualTo(Plan.EXACT);
    assertThat(exact.candidates()).isZero();
    assertThat(exact.hops()).isZero();
    assertThat(first(rows.search(query).ef(SEALED)).plan()).isEqualTo(Plan.EXACT);
  }

  @Test
  void tierIsToldWithAndWithoutAFilter() {
    Search plain = rows.search(query).ef(30);
    Search filtered = rows.search(query).ef(30).where(field("n").below(50));
    assertThat(first(plain).tier()).isEqualTo(Tier.HOT);
    sealed().temperature().setCold(true);
    assertThat(first(plain).tier()).isEqualTo(Tier.COLD);
    assertThat(first(filtered).tier()).isEqualTo(Tier.COLD);
    assertThat(sealed().makeCompact(() -> true)).isTrue();
    assertThat(first(plain).tier()).isEqualTo(Tier.WARM);
    assertThat(first(filtered).tier()).isEqualTo(Tier.WARM);
    assertThat(first(plain).hops()).as("through the compact form").isPositive();
  }
}
