package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeScanTest {

  private static final int DIMENSION = 48;
  private static final int COUNT = 20_000;
  private static final float[][] ROWS = Vectors.skewed(COUNT, DIMENSION, 21);
  private static final Quantizer QUANTIZER =
      RabitqQuantizer.train(Vectors.rows(ROWS), 1, Distance.SQUARED_L2, 1, Progress.IGNORED);
  private static final MemorySegment CODES = Vectors.encoded(QUANTIZER, ROWS);

  @ParameterizedTest(name = "one row in {0}")
  @CsvSource({"1", "2", "30", "33", "1000", "7000", "30000"})
  void findsTheNearestRowsOfTheFilterAndReadsNoOthers(int spacing) {
    var random = new SplittableRandom(spacing);
    BitSet accepted = new BitSet();
    for (int i = random.nextInt(spacing); i < COUNT; i += random.nextInt(2 * spacing - 1) + 1) {
      accepted.set(i);
    }
    CodeScan.RowFilter filter =
        row -> {
          int next = accepted.nextSetBit(row);
          return next < 0 ? COUNT : next;
        };
    var scan = new CodeScan();
    for (float[] query : Vectors.skewed(10, DIMENSION, 22)) {
      int[] found = new int[10];
      float[] distances = new float[10];
      CodeScan.ExactDistances exactly = Vectors.exactly(Distance.SQUARED_L2, query, ROWS);
      int count =
          scan.nearest(
              QUANTIZER.query().prepare(query),
              CODES,
              COUNT,
              6,
              filter,
              (rows, into, size) -> {
                assertThat(Arrays.stream(rows).limit(size)).allMatch(accepted::get);
                exactly.distances(rows, into, size);
              },
              found,
              distances);
      int[] expected =
          Arrays.stream(Vectors.ranking(Distance.SQUARED_L2, query, ROWS))
              .filter(accepted::get)
              .limit(10)
              .toArray();

      assertThat(Arrays.copyOf(found, count)).isEqualTo(expected);
    }
  }

  /** The bound decides what is read: fewer rows for fewer deviations, and still the nearest. */
  @Test
  void readsFewRows() {
    var scan = new CodeScan();
    int[] found = new int[10];
    float[] distances = new float[10];
    double[] read = new double[3];
    double[] right = new double[3];
    for (float[] query : Vectors.skewed(40, DIMENSION, 23)) {
      int[] nearest = Vectors.ranking(Distance.SQUARED_L2, query, ROWS);
      PreparedQuery prepared = QUANTIZER.query().prepare(query);
      CodeScan.ExactDistances exactly = Vectors.exactly(Distance.SQUARED_L2, query, ROWS);
      for (int width = 0; width < 3; width++) {
        CodeScan.RowFilter all = CodeScan.RowFilter.ALL;
        scan.nearest(prepared, CODES, COUNT, 1.5f * width, all, exactly, found, distances);
        read[width] += scan.rowsRead() / 40.0;
        for (int row : found) {
          right[width] += Arrays.stream(nearest, 0, 10).anyMatch(each -> each == row) ? 1 : 0;
        }
      }
    }

    assertThat(read).isSorted();
    assertThat(read[0]).isLessThan(20);
    assertThat(read[2]).isLessThan(COUNT / 2.0);
    assertThat(right[2] / 400).isGreaterThan(0.995);
  }

  @Test
  void aSettledScanAllocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var scan = new CodeScan();
    PreparedQuery prepared = QUANTIZER.query();
    float[][] queries = Vectors.skewed(4, DIMENSION, 24);
    int[] found = new int[10];
    float[] distances = new float[10];
    CodeScan.RowFilter filter = row -> row % 5 == 0 ? row + 1 : row;
    CodeScan.ExactDistances exactly = Vectors.exactly(Distance.SQUARED_L2, queries[0], ROWS);
    long deadline = threads.getCurrentThreadCpuTime() + 60_000_000_000L; // until C2 is done
    long least = Long.MAX_VALUE;
    while (least > 64
        && threads.getCurrentThreadCpuTime() < deadline) { // the measurement itself may take some
      long before = threads.getCurrentThreadAllocatedBytes();
      for (float[] query : queries) {
        prepared.prepare(query);
        scan.nearest(prepared, CODES, COUNT, 1, filter, exactly, found, distances);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertThat(least).as("bytes of four scans").isLessThanOrEqualTo(64);
  }
}
