package io.firn.bench.kernels;

import io.firn.simd.Cosine;
import io.firn.simd.InnerProduct;
import io.firn.simd.Manhattan;
import io.firn.simd.SquaredL2;
import java.lang.foreign.MemorySegment;

/** The forms of a metric's float32 kernels: each JVM measures one metric. */
record FloatForms(One one, OneByArray oneByArray, Four four, Gathered gathered) {

  static FloatForms of(FloatMetric metric) {
    return switch (metric) {
      case L2 ->
          new FloatForms(
              SquaredL2::distance, SquaredL2::distance, SquaredL2::distance4, SquaredL2::distances);
      case PRODUCT ->
          new FloatForms(
              InnerProduct::product,
              InnerProduct::product,
              InnerProduct::product4,
              InnerProduct::products);
      case COSINE ->
          new FloatForms(Cosine::distance, Cosine::distance, Cosine::distance4, Cosine::distances);
      case L1 ->
          new FloatForms(
              Manhattan::distance, Manhattan::distance, Manhattan::distance4, Manhattan::distances);
    };
  }

  /** One row against a query in native memory. */
  interface One {
    float of(MemorySegment query, long queryOffset, MemorySegment rows, long at, int dimension);
  }

  /** One row against a query in an array. */
  interface OneByArray {
    float of(float[] query, MemorySegment rows, long at, int dimension);
  }

  /** Four rows. */
  interface Four {
    void of(
        MemorySegment query,
        long queryOffset,
        MemorySegment row0,
        long at0,
        MemorySegment row1,
        long at1,
        MemorySegment row2,
        long at2,
        MemorySegment row3,
        long at3,
        int dimension,
        float[] distances,
        int to);
  }

  /** A list of rows. */
  interface Gathered {
    void of(
        float[] query,
        MemorySegment rows,
        long base,
        long strideBytes,
        int[] ids,
        int count,
        int dimension,
        float[] distances);
  }
}
