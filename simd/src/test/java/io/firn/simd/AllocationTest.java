package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Kernels allocate nothing; those of rows and hops not even in one caller that runs them all. First
 * of all tests: the others run every kernel in every shape, and what C2 then inlines into a kernel
 * follows the profile of the JDK's shared methods. Services have no such profile.
 */
@Order(0)
class AllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int CALLS = 500;
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int DIMENSION = 256;

  /** Something to measure, given the offset of a row. */
  private interface Kernel {
    float of(long at);
  }

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

  /** Read by nobody: keeps the calls alive. */
  float sum;

  AllocationTest() {
    for (int i = 0; i < 1 << 14; i++) {
      memory.setAtIndex(Rows.FLOAT, i, query[i % DIMENSION]);
    }
  }

  @Test
  void aCallerOfEveryKernelOfRowsAllocatesNothing() {
    assertThat(bytesOf(at -> floats(at) + codes(at) + near(at))).isZero();
  }

  @Test
  void passesOverOneVectorAllocateNothing() {
    assertThat(bytesOf(_ -> Vectors.min(query, DIMENSION))).isZero();
    assertThat(bytesOf(_ -> Vectors.max(query, DIMENSION))).isZero();
    assertThat(bytesOf(_ -> Vectors.mean(query, DIMENSION))).isZero();
    assertThat(bytesOf(_ -> Vectors.normalize(scratch, DIMENSION))).isZero();
    assertThat(bytesOf(this::centered)).isZero();
  }

  @Test
  void preparationOfAQueryAllocatesNothing() {
    assertThat(bytesOf(this::rotated)).isZero();
    assertThat(bytesOf(this::prepared)).isZero();
    assertThat(bytesOf(this::selected)).isZero();
  }

  /** The least that some hundred calls allocate, once C2 is done with them. */
  private long bytesOf(Kernel kernel) {
    long end = THREADS.getCurrentThreadCpuTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > 0 && THREADS.getCurrentThreadCpuTime() < end) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        sum += kernel.of(4096L * (i % 4));
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private float floats(long at) {
    SquaredL2.distance4(
        query, memory, at, memory, at + 1024, memory, at + 2048, memory, at, DIMENSION, four, 0);
    Cosine.distance4(
        memory, 0, memory, at, memory, at + 1024, memory, at + 2048, memory, at, DIMENSION, four,
        0);
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

  private float near(long at) {
    return block.below(memory, at, prepared, 0, 0, ids, estimates);
  }

  private float centered(long at) {
    Vectors.center(memory, at, query, DIMENSION, scratch);
    return scratch[0];
  }

  private float rotated(long at) {
    rotation.rotate(memory, at, scratch, 0);
    return scratch[0];
  }

  private float prepared(long at) {
    prepared.prepare(query);
    return at;
  }

  private float selected(long at) {
    nearest.clear();
    nearest.offer(query, 0, DIMENSION, (int) at);
    return nearest.distance(0);
  }
}
