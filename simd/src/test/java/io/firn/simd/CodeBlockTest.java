package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeBlockTest {

  private static final long SEED = 20261120;

  /** A record with one block of random codes and factors, and what is in it. */
  private static final class Sample {
    final CodeBlock block;
    final MemorySegment record;
    final byte[][] codes = new byte[CodeBlock.SLOTS][];
    final int[] add = new int[CodeBlock.SLOTS];
    final int[] rescale = new int[CodeBlock.SLOTS];
    final float[] query;

    Sample(int dimension, int bits, boolean largest) {
      var random = new SplittableRandom(SEED + 31L * dimension + bits);
      long codesBytes = CodeBlock.codesBytes(dimension, bits);
      block = new CodeBlock(dimension, bits, 64, 192, 256, 256 + codesBytes);
      record = Arena.ofAuto().allocate(64 + 256 + codesBytes + 128, 64);
      query = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        query[i] = largest ? 1 : (float) random.nextDouble(-1, 1);
      }
      float[] affine = {10f, 0.001f, -0.5f, 0.00001f};
      VectorSamples.store(affine, record, 64 + 192);
      for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
        codes[slot] = new byte[dimension];
        for (int i = 0; i < dimension; i++) {
          codes[slot][i] = (byte) (largest ? (1 << bits) - 1 : random.nextInt(1 << bits));
        }
        add[slot] = random.nextInt(CodeBlock.EMPTY);
        rescale[slot] = random.nextInt(CodeBlock.EMPTY + 1);
        setFactors(slot);
        record.set(ValueLayout.JAVA_INT_UNALIGNED, 64 + 64 + 4L * slot, 1000 + slot);
      }
      block.putAll(record, 64, planes(codes, bits), CodeBlock.SLOTS);
    }

    void setFactors(int slot) {
      long factors = 64 + block.factorsAt() + 2L * slot;
      record.set(ValueLayout.JAVA_SHORT_UNALIGNED, factors, (short) add[slot]);
      record.set(ValueLayout.JAVA_SHORT_UNALIGNED, factors + 64, (short) rescale[slot]);
    }

    CodeQuery prepared() {
      CodeQuery prepared = new CodeQuery(block.dimension());
      prepared.prepare(query);
      return prepared;
    }

    double exact(int slot, double centroid) {
      double product = 0;
      double center = ((1 << block.bits()) - 1) / 2.0;
      for (int i = 0; i < query.length; i++) {
        product += (codes[slot][i] - center) * query[i];
      }
      return 10 + 0.001 * add[slot] + centroid + (-0.5 + 0.00001 * rescale[slot]) * product;
    }

    /** Largest error of an estimate: half a step for each entry of each plane. */
    double allowedError() {
      double range = 0;
      for (int i = 0; i < query.length; i += 4) {
        double group = 0;
        for (int j = 0; j < 4; j++) {
          group += Math.abs(query[i + j]);
        }
        range = Math.max(range, group);
      }
      int planes = (1 << block.bits()) - 1;
      return 0.5 * range / 63 * query.length / 4 * planes * 0.5 + 1e-3;
    }
  }

  @ParameterizedTest(name = "dimension {0}, {1} bits")
  @CsvSource({"64, 1", "128, 1", "128, 2", "384, 1", "832, 2", "1536, 1", "4096, 4", "10048, 2"})
  void estimatesAreWithinTheRoundingOfTheTable(int dimension, int bits) {
    for (boolean largest : new boolean[] {false, true}) {
      Sample sample = new Sample(dimension, bits, largest);
      int[] ids = new int[CodeBlock.RESULT_CAPACITY];
      float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
      int found =
          sample.block.below(
              sample.record, 64, sample.prepared(), 3f, Float.POSITIVE_INFINITY, ids, estimates);

      assertThat(found).isEqualTo(CodeBlock.SLOTS);
      for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
        assertThat(ids[slot]).isEqualTo(1000 + slot);
        double error = Math.abs(estimates[slot] - sample.exact(slot, 3));
        assertThat(error)
            .as("slot %d, seed %d, %s", slot, SEED, Kernels.describe())
            .isLessThan(sample.allowedError());
      }
    }
  }

  @ParameterizedTest(name = "dimension {0}, {1} bits")
  @CsvSource({"64, 1", "128, 2", "384, 1", "832, 1", "960, 3", "4096, 4", "4160, 1", "8256, 2"})
  void everyKernelFindsTheSameBitForBit(int dimension, int bits) {
    for (boolean largest : new boolean[] {false, true}) {
      Sample sample = new Sample(dimension, bits, largest);
      sample.add[5] = CodeBlock.EMPTY;
      sample.setFactors(5);
      CodeQuery query = sample.prepared();
      CodeQuery twinQuery = new CodeQuery(dimension);
      twinQuery.prepare(sample.query, new TableScalar());
      assertThat(query.table().mismatch(twinQuery.table())).isEqualTo(-1);
      assertThat(query.step()).isEqualTo(twinQuery.step());
      assertThat(query.bias(bits)).isEqualTo(twinQuery.bias(bits));

      float[] all = find(sample, twinQuery, CodeBlock.TWIN, Float.POSITIVE_INFINITY);
      assertThat(all).hasSize(2 * 31);
      float[] thresholds = {all[0], all[7], all[30], Float.POSITIVE_INFINITY};
      for (float threshold : thresholds) {
        assertThat(find(sample, query, CodeBlock.SLOT.get(), threshold))
            .as("threshold %s, seed %d, %s", threshold, SEED, Kernels.describe())
            .isEqualTo(find(sample, twinQuery, CodeBlock.TWIN, threshold));
      }
      assertThat(find(sample, query, CodeBlock.SLOT.get(), Float.NEGATIVE_INFINITY)).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 2, 3, 4})
  void codesReadBackAsWritten(int bits) {
    Sample sample = new Sample(128, bits, false);
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      for (int i = 0; i < 128; i++) {
        assertThat(sample.block.get(sample.record, 64, slot, i)).isEqualTo(sample.codes[slot][i]);
      }
    }
  }

  @ParameterizedTest(name = "dimension {0}, {1} bits, {2} slots")
  @CsvSource({"64, 1, 32", "64, 4, 1", "128, 2, 31", "192, 3, 0", "832, 1, 17"})
  void layoutIsTheOneOfTheFileFormat(int dimension, int bits, int count) {
    byte[][] codes = new Sample(dimension, bits, false).codes;
    long end = 192 + CodeBlock.codesBytes(dimension, bits);
    CodeBlock block = new CodeBlock(dimension, bits, 0, 128, 192, end);
    MemorySegment record = Arena.ofAuto().allocate(end + 128, 64);
    record.fill((byte) 0x5A);
    byte[] expected = record.toArray(ValueLayout.JAVA_BYTE);
    Arrays.fill(expected, 192, (int) end, (byte) 0);
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < dimension; i++) {
        for (int plane = 0; plane < bits; plane++) {
          int group = 192 + 4 * dimension * plane + 16 * (i / 4);
          int place = 4 * (n % 4) + 2 * (n / 16) + n / 8 % 2;
          int bit = (codes[n][i] >> (bits - 1 - plane)) & 1;
          expected[group + place] |= (byte) (bit << (4 * (n / 4 % 2) + i % 4));
        }
      }
    }
    block.putAll(record, 0, planes(codes, bits), count);

    assertThat(record.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
  }

  @Test
  void zeroQueryEstimatesTheAddFactorAlone() {
    Sample sample = new Sample(64, 1, false);
    Arrays.fill(sample.query, 0);
    float[] all = find(sample, sample.prepared(), CodeBlock.SLOT.get(), Float.POSITIVE_INFINITY);

    assertThat(all[0]).isEqualTo(Math.fma((float) sample.add[0], 0.001f, 13f));
  }

  @Test
  void refusesRecordThatLeavesItsSegment() {
    Sample sample = new Sample(64, 1, false);
    CodeQuery query = sample.prepared();
    int[] ids = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    for (long node : new long[] {-512, 128, Long.MAX_VALUE}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> sample.block.below(sample.record, node, query, 0, 1, ids, estimates));
    }
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(
            () -> sample.block.below(sample.record, 64, query, 0, 1, new int[32], estimates));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> sample.block.putAll(sample.record, 512, new long[32], 32));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> sample.block.putAll(sample.record, 64, new long[31], 32));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> sample.block.putAll(sample.record, 64, new long[33], 33));
  }

  @Test
  void refusesQueryOfAnotherDimension() {
    Sample sample = new Sample(64, 1, false);

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            sample.block.below(
                sample.record, 64, new CodeQuery(128), 0, 1, new int[48], new float[48]))
        .withMessageStartingWith("query must have 64 dimensions but has 128");
  }

  private static long[] planes(byte[][] codes, int bits) {
    int words = codes[0].length / 64;
    long[] planes = new long[codes.length * bits * words];
    for (int slot = 0; slot < codes.length; slot++) {
      for (int i = 0; i < codes[slot].length; i++) {
        for (int plane = 0; plane < bits; plane++) {
          long bit = (codes[slot][i] >> (bits - 1 - plane)) & 1;
          planes[(slot * bits + plane) * words + i / 64] |= bit << i;
        }
      }
    }
    return planes;
  }

  /** The estimates found, then their ids. */
  private static float[] find(Sample sample, CodeQuery query, BlockKernel kernel, float threshold) {
    int[] ids = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    long at = sample.record.address() + 64;
    int found = kernel.below(Rows.MEMORY, at, sample.block, query, 3f, threshold, ids, estimates);
    float[] all = Arrays.copyOf(estimates, 2 * found);
    for (int i = 0; i < found; i++) {
      all[found + i] = ids[i];
    }
    return all;
  }
}
