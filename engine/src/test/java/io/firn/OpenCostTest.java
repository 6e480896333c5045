package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to open a database does not depend on how many rows are sealed in it. */
class OpenCostTest {

  private static final int DIMENSION = 4;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 8);
  private static final int FEW = 2_000;
  private static final int MANY = 40_000;
  private static final long SLACK_BYTES = 100_000; // a byte for each row would already be a third

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private void write(String name, int count) {
    var random = new Random(count);
    try (Database db = Firn.open(directory.resolve(name))) {
      Collection rows = db.collection("rows", SPEC);
      List<Row> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(Row.of(i, TestVectors.random(random, DIMENSION)));
      }
      rows.upsertAll(all);
      rows.optimize();
    }
  }

  private long allocatedBytes(String name) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // the first ones load classes
      long before = threads.getCurrentThreadAllocatedBytes();
      try (Database db = Firn.open(directory.resolve(name))) {
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        assertThat(db.stats().openSnapshots()).isPositive();
      }
    }
    return least;
  }

  @Test
  void heapForOpeningIsIndependentOfTheNumberOfRows() {
    write("few", FEW);
    write("many", MANY);
    assertThat(allocatedBytes("many")).isLessThan(allocatedBytes("few") + SLACK_BYTES);
  }
}
