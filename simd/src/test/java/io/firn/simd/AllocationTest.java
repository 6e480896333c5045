package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** No kernel allocates, not even inlined with all others into one large caller. */
class AllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CALLS = 500;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int DIMENSION = 256;

  private final MemorySegment memory = Arena.ofAuto().allocate(1 << 16, 64);
  private final float[] query = VectorSamples.uniform(new SplittableRandom(1), DIMENSION);
  private final float[] scratch = query.clone();
  private final float[] four = new float[4];
  private final int[] list = {0, 3, 1, 2, 5};
  private final float[] listed = new float[5];
  private final Nearest nearest = new Nearest(10);
  private final Rotation rotation = new Rotation(DIMENSION, 1);
  private final CodeQuery prepared = new CodeQuery(DIMENSION);
  private final CodeBlock block = new CodeBlock(DIMENSION, 1, 0, 128, 192, 192 + 4 * DIMENSION);
  private final int[] ids = new int[CodeBlock.RESULT_CAPACITY];
  private final float[] estimates = new float[CodeBlock.RESULT_CAPACITY];

  @Test
  void aLargeCallerOfEveryKernelAllocatesNothing() {
    for (int i = 0; i < 1 << 14; i++) {
      memory.setAtIndex(Rows.FLOAT, i, query[i % DIMENSION]);
    }
    float sum = 0;
    long end = System.nanoTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > 0 && System.nanoTime() < end) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        sum += everyKernel(4096L * (i % 4));
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    assertThat(sum).isNotNaN();
    assertThat(least).as("bytes of %d calls, %s", CALLS, Kernels.describe()).isZero();
  }

  private float everyKernel(long at) {
    float sum = floats(at) + codes(at);
    sum += Vectors.min(query, DIMENSION) + Vectors.max(query, DIMENSION);
    sum += Vectors.mean(query, DIMENSION) + Vectors.normalize(scratch, DIMENSION);
    Vectors.center(memory, at, query, DIMENSION, scratch);
    nearest.clear();
    nearest.offer(query, 0, DIMENSION, 0);
    rotation.rotate(query, scratch);
    prepared.prepare(scratch);
    return sum + block.below(memory, at, prepared, 0, 0, ids, estimates);
  }

  private float floats(long at) {
    SquaredL2.distance4(query, memory, at, at + 1024, at + 2048, at, DIMENSION, four, 0);
    Cosine.distance4(memory, 0, memory, at, at + 1024, at + 2048, at, DIMENSION, four, 0);
    InnerProduct.products(query, memory, at, 1024, list, 5, DIMENSION, listed);
    return SquaredL2.distance(query, memory, at, DIMENSION)
        + SquaredL2.distance(memory, 0, memory, at, DIMENSION)
        + InnerProduct.product(query, memory, at, DIMENSION)
        + InnerProduct.product(memory, 0, memory, at, DIMENSION)
        + Cosine.distance(query, memory, at, DIMENSION)
        + Cosine.distance(memory, 0, memory, at, DIMENSION)
        + Manhattan.distance(query, memory, at, DIMENSION)
        + Manhattan.distance(memory, 0, memory, at, DIMENSION);
  }

  private float codes(long at) {
    Uint8Product.product4(query, memory, at, at + 256, at + 512, at, DIMENSION, four, 0);
    Uint4SquaredL2.distance4(query, memory, at, at + 256, at + 512, at, DIMENSION, four, 0);
    return Uint8Product.product(query, memory, at, DIMENSION)
        + Uint8SquaredL2.distance(query, memory, at, DIMENSION)
        + Uint4Product.product(query, memory, at, DIMENSION)
        + Uint4SquaredL2.distance(query, memory, at, DIMENSION)
        + ByteRows.product(memory, 0, memory, at, DIMENSION)
        + ByteRows.squaredL2(memory, 0, memory, at, DIMENSION)
        + ByteRows.hamming(memory, 0, memory, at, DIMENSION);
  }
}
