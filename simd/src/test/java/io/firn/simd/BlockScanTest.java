package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockScanTest {

  private static final long SEED = 20261120;
  private static final int BLOCKS = 40;
  private static final float SHARED = 3;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {64, 128, 384, 832, 4096})
  void findsTheBlocksThatHoldAnEstimateWithinTheirLimit(int dimension) {
    BlockScan scan = scan(dimension);
    MemorySegment codes = blocks(scan);
    CodeQuery query = query(dimension);
    var limits = new ScanLimits();
    float[] weights = {0.5f, 2, -1, 3};
    limits.weights(weights);
    int all = 0;
    for (float threshold : new float[] {-1e9f, -20, -5, 0, 5, 20, 1e9f}) {
      limits.threshold(threshold);
      for (int block = 0; block < BLOCKS; block++) {
        boolean near = isNear(scan, codes, block, query, weights, threshold);
        int expected = near ? block : block + 1;

        assertThat(scan.next(codes, block, block + 1, query, SHARED, limits))
            .as("threshold %s, seed %d, %s", threshold, SEED, Kernels.describe())
            .isEqualTo(expected);
        all += near ? 1 : 0;
      }
    }

    assertThat(all).isBetween(BLOCKS + 1, 7 * BLOCKS - 1);
  }

  /** By the estimates that a block gives for itself. */
  private static boolean isNear(
      BlockScan scan,
      MemorySegment codes,
      int block,
      CodeQuery query,
      float[] weights,
      float threshold) {
    long at = block * scan.blockBytes();
    float limit = threshold;
    for (int i = 0; i < 4; i++) {
      limit = Math.fma(codes.get(Rows.FLOAT, at + scan.marginsAt() + 4L * i), weights[i], limit);
    }
    int[] ids = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    return scan.block().below(codes, at, query, SHARED, limit, ids, estimates) > 0;
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {64, 192, 384, 1024})
  void everyKernelStopsAtTheSameBlocks(int dimension) {
    BlockScan scan = scan(dimension);
    MemorySegment codes = blocks(scan);
    CodeQuery query = query(dimension);
    var limits = new ScanLimits();
    limits.weights(new float[] {1, 1, 1, 1});
    ScanKernel chosen = BlockScan.SLOT.get();
    for (float threshold = -30; threshold < 30; threshold += 0.5f) {
      limits.threshold(threshold);
      for (int at = 0; at < BLOCKS; at++) {
        int expected = BlockScan.TWIN.next(codes, at, BLOCKS, scan, query, SHARED, limits);
        assertThat(chosen.next(codes, at, BLOCKS, scan, query, SHARED, limits)).isEqualTo(expected);
        at = expected;
      }
    }
  }

  @Test
  void emptySlotsAndDamagedMarginsAreNeverNear() {
    BlockScan scan = scan(64);
    MemorySegment codes = blocks(scan);
    CodeQuery query = query(64);
    var limits = new ScanLimits();
    limits.threshold(Float.POSITIVE_INFINITY);
    assertThat(scan.next(codes, 7, BLOCKS, query, SHARED, limits)).isEqualTo(7);

    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      long add = 7 * scan.blockBytes() + scan.block().factorsAt() + 2L * slot;
      codes.set(ValueLayout.JAVA_SHORT, add, (short) CodeBlock.EMPTY);
    }
    assertThat(scan.next(codes, 7, BLOCKS, query, SHARED, limits)).isEqualTo(8);
    limits.weights(new float[] {1, 1, 1, 1});
    codes.set(Rows.FLOAT, 8 * scan.blockBytes() + scan.marginsAt() + 4, Float.NaN);
    assertThat(scan.next(codes, 7, BLOCKS, query, SHARED, limits)).isEqualTo(9);
  }

  @Test
  void heapMemoryIsScannedToo() {
    BlockScan scan = scan(128);
    MemorySegment codes = blocks(scan);
    MemorySegment heap = MemorySegment.ofArray(codes.toArray(ValueLayout.JAVA_LONG));
    CodeQuery query = query(128);
    var limits = new ScanLimits();
    limits.threshold(-2);

    assertThat(scan.next(heap, 0, BLOCKS, query, SHARED, limits))
        .isEqualTo(scan.next(codes, 0, BLOCKS, query, SHARED, limits));
  }

  @Test
  void refusesWhatDoesNotFit() {
    BlockScan scan = scan(64);
    MemorySegment codes = blocks(scan);
    CodeQuery query = query(64);
    var limits = new ScanLimits();

    assertThat(scan.next(codes, 5, 5, query, SHARED, limits)).isEqualTo(5);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> scan.next(codes, 0, BLOCKS + 1, query, SHARED, limits));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> scan.next(codes, -1, 1, query, SHARED, limits));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scan.next(codes, 0, 1, query(128), SHARED, limits));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockScan(new CodeBlock(64, 2, 0, 128, 320, 192), 1024, 144))
        .withMessageContaining("but has 2 and 64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockScan(new CodeBlock(4160, 1, 0, 128, 320, 192), 1 << 15, 144));
  }

  private static BlockScan scan(int dimension) {
    return new BlockScan(new CodeBlock(dimension, 1, 0, 128, 320, 192), 320 + 4L * dimension, 144);
  }

  private MemorySegment blocks(BlockScan scan) {
    MemorySegment codes = Arena.ofAuto().allocate(BLOCKS * scan.blockBytes(), 64);
    for (long i = 0; i < codes.byteSize(); i += 2) {
      codes.set(ValueLayout.JAVA_SHORT, i, (short) random.nextInt());
    }
    for (int block = 0; block < BLOCKS; block++) {
      long at = block * scan.blockBytes();
      float[] affine = {random.nextInt(-20, 20), 1e-4f, -0.5f, 1e-6f};
      VectorSamples.store(affine, codes, at + 128);
      float[] margins = {random.nextInt(3), 0.1f * random.nextInt(3), 0.2f, random.nextInt(2)};
      VectorSamples.store(margins, codes, at + scan.marginsAt());
    }
    return codes;
  }

  private CodeQuery query(int dimension) {
    CodeQuery query = new CodeQuery(dimension);
    query.prepare(VectorSamples.uniform(random, dimension));
    return query;
  }
}
