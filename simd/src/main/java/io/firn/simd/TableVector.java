package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Query tables by vectors: a register holds one, two or four groups, four lanes each. Lane {@code
 * m} computes the entries {@code 4m..4m+3} of its group, which is one int of the table.
 */
final class TableVector implements TableKernel {

  private static final VectorShuffle<Float> FIRST = shuffle(0);
  private static final VectorShuffle<Float> SECOND = shuffle(1);
  private static final VectorShuffle<Float> THIRD = shuffle(2);
  private static final VectorShuffle<Float> FOURTH = shuffle(3);
  private static final VectorShuffle<Float> NEIGHBOR =
      VectorShuffle.fromOp(FLOATS, lane -> lane ^ 1);
  private static final VectorShuffle<Float> NEXT_PAIR =
      VectorShuffle.fromOp(FLOATS, lane -> lane ^ 2);

  /** +1 where an entry has the third dimension's bit, else -1. */
  private static final float[] THIRD_SIGN = signs(1);

  /** +1 where an entry has the fourth dimension's bit, else -1. */
  private static final float[] FOURTH_SIGN = signs(2);

  TableVector() {}

  @Override
  public float largestGroup(float[] query, int dimension) {
    FloatVector largest = FloatVector.zero(FLOATS);
    for (int i = 0; i < dimension; i += COUNT) {
      FloatVector magnitudes = FloatVector.fromArray(FLOATS, query, i).abs();
      FloatVector pairs = magnitudes.add(magnitudes.rearrange(NEIGHBOR));
      largest = largest.max(pairs.add(pairs.rearrange(NEXT_PAIR)));
    }
    return largest.reduceLanes(MAX);
  }

  @Override
  public void magnitudes(float[] query, int dimension, float[] sums) {
    for (int j = 0; j < PARTIAL_SUMS; j += COUNT) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = j; i < dimension; i += PARTIAL_SUMS) {
        sum = sum.add(FloatVector.fromArray(FLOATS, query, i).abs());
      }
      sum.intoArray(sums, j);
    }
  }

  @Override
  public void fill(float[] query, int dimension, float perStep, MemorySegment table) {
    long address = table.address();
    FloatVector thirdSign = FloatVector.fromArray(FLOATS, THIRD_SIGN, 0);
    FloatVector fourthSign = FloatVector.fromArray(FLOATS, FOURTH_SIGN, 0);
    FloatVector half = FloatVector.broadcast(FLOATS, 0.5f);
    FloatVector scale = FloatVector.broadcast(FLOATS, perStep);
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int i = 0; i < dimension; i += COUNT) {
      FloatVector q = FloatVector.fromArray(FLOATS, query, i);
      FloatVector first = q.rearrange(FIRST);
      FloatVector second = q.rearrange(SECOND);
      FloatVector high =
          q.rearrange(THIRD)
              .mul(thirdSign)
              .max(zero)
              .add(q.rearrange(FOURTH).mul(fourthSign).max(zero));
      FloatVector firstClear = first.neg().max(zero);
      FloatVector firstSet = first.max(zero);
      FloatVector secondClear = second.neg().max(zero);
      FloatVector secondSet = second.max(zero);
      IntVector entry0 =
          (IntVector) firstClear.add(secondClear).add(high).fma(scale, half).convert(F2I, 0);
      IntVector entry1 =
          (IntVector) firstSet.add(secondClear).add(high).fma(scale, half).convert(F2I, 0);
      IntVector entry2 =
          (IntVector) firstClear.add(secondSet).add(high).fma(scale, half).convert(F2I, 0);
      IntVector entry3 =
          (IntVector) firstSet.add(secondSet).add(high).fma(scale, half).convert(F2I, 0);
      entry0
          .or(entry1.lanewise(LSHL, 8))
          .or(entry2.lanewise(LSHL, 16).or(entry3.lanewise(LSHL, 24)))
          .intoMemorySegment(MEMORY, (address + 4L * i) & ADDRESS, LITTLE_ENDIAN);
    }
  }

  /** Copies one dimension of each group to the group's four lanes. */
  private static VectorShuffle<Float> shuffle(int which) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane & -4) + which);
  }

  private static float[] signs(int bit) {
    float[] signs = new float[COUNT];
    for (int lane = 0; lane < COUNT; lane++) {
      signs[lane] = (lane & bit) == 0 ? -1 : 1;
    }
    return signs;
  }
}
