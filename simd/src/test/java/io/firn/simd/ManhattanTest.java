package io.firn.simd;

import java.lang.foreign.MemorySegment;

class ManhattanTest extends FloatFamilyContract {

  @Override
  Forms forms() {
    return new Forms() {
      @Override
      public float one(
          MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
        return Manhattan.distance(a, aOffset, b, bOffset, dimension);
      }

      @Override
      public float one(float[] a, MemorySegment b, long bOffset, int dimension) {
        return Manhattan.distance(a, b, bOffset, dimension);
      }

      @Override
      public void four(
          MemorySegment a,
          long aOffset,
          MemorySegment[] b,
          long[] at,
          int dimension,
          float[] to,
          int n) {
        Manhattan.distance4(
            a, aOffset, b[0], at[0], b[1], at[1], b[2], at[2], b[3], at[3], dimension, to, n);
      }

      @Override
      public void four(float[] a, MemorySegment[] b, long[] at, int dimension, float[] to, int n) {
        Manhattan.distance4(
            a, b[0], at[0], b[1], at[1], b[2], at[2], b[3], at[3], dimension, to, n);
      }

      @Override
      public void list(
          float[] a,
          MemorySegment b,
          long base,
          long stride,
          int[] ids,
          int dimension,
          float[] to) {
        Manhattan.distances(a, b, base, stride, ids, ids.length, dimension, to);
      }

      @Override
      public void pairs(RowBlock a, RowBlock b, int dimension, float[] to) {
        Manhattan.distances(a, b, dimension, to);
      }
    };
  }

  @Override
  Reference reference(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((double) a[i] - b[i]);
    }
    return new Reference(sum, sum);
  }
}
