package io.firn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.Database;
import io.firn.Firn;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The crash proof would notice. */
class CrashProofTest {

  @TempDir Path folder;

  @BeforeEach
  void storeRowsZeroToNine() {
    try (Database database = Firn.open(folder)) {
      var rows = database.collection(CrashRow.COLLECTION, CrashRow.SPEC);
      for (int number = 0; number < 10; number++) {
        rows.upsert(CrashRow.of(number));
      }
    }
  }

  private String check(long acked, long writing) {
    String failure =
        CrashProof.check(
            folder, new KilledWriter.Words(acked, writing, 1), CrashProof.count(folder));
    return failure == null ? "well" : failure;
  }

  @Test
  void acceptsWhatWasAcknowledgedAndAWholeBatchMore() {
    assertThat(check(10, 10)).isEqualTo("well");
    assertThat(check(10, 14)).isEqualTo("well");
    assertThat(check(7, 10)).isEqualTo("well");
  }

  @Test
  void noticesALostRowAndHalfABatch() {
    assertThat(check(11, 11)).contains("10 rows are there");
    assertThat(check(7, 12)).contains("10 rows are there");
  }

  @Test
  void noticesAChangedRow() {
    try (Database database = Firn.open(folder)) {
      database.collection(CrashRow.COLLECTION).upsert(4, CrashRow.of(5).vector());
    }
    assertThat(check(10, 10)).isEqualTo("row 4 is missing or changed");
  }

  @Test
  void noticesAStrangeRowInTheRightNumber() {
    try (Database database = Firn.open(folder)) {
      var rows = database.collection(CrashRow.COLLECTION);
      rows.delete(9);
      rows.upsert(100, CrashRow.of(9).vector());
    }
    assertThat(check(10, 10)).isEqualTo("row 9 is missing or changed");
  }
}
