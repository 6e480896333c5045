package io.firn.simd;

import static io.firn.simd.Rows.MEMORY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The start-up check of the kernels a search lives on. */
final class KernelChecks {

  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final int DIMENSION = 256;

  /**
   * The check takes a tenth of a core at most. Without rest it took a whole one for six seconds,
   * and with C2 beside it searches on two cores waited 4 ms at a time for a processor.
   */
  private static final int REST = 9;

  private static final int CALLS = 64;

  private static final long FIRST_PAUSE_MINUTES = 1;
  private static final long LAST_PAUSE_MINUTES = 64;

  private static final AtomicBoolean STARTED = new AtomicBoolean();
  private static volatile List<KernelCheck.Result> results = List.of();

  private final MemorySegment memory = Arena.ofAuto().allocate(1L << 16, 64);
  private final long at = memory.address();
  private final float[] query = new float[DIMENSION];
  private final float[] four = new float[4];
  private final float[] zeros = new float[DIMENSION];

  private final int rest;

  private KernelChecks(int rest) {
    this.rest = rest;
    var random = new SplittableRandom(1);
    for (int i = 0; i < DIMENSION; i++) {
      query[i] = (float) random.nextDouble(-1, 1);
    }
    for (long i = 0; i < memory.byteSize(); i += Float.BYTES) {
      memory.set(Rows.FLOAT, i, (float) random.nextDouble(-1, 1));
    }
  }

  /**
   * Starts the check in a daemon thread, unless one runs; nothing to check if scalar. The thread
   * looks again after 1, 2, 4 and so on to 64 minutes, which takes microseconds if all is well.
   */
  static void start() {
    if (Kernels.VECTORIZED && STARTED.compareAndSet(false, true)) {
      Thread.ofPlatform().name("firn-kernel-check").daemon(true).start(KernelChecks::runAgain);
    }
  }

  static List<KernelCheck.Result> results() {
    return results;
  }

  private static void runAgain() {
    try {
      List<KernelCheck<?>> checks = run(REST);
      for (long minutes = FIRST_PAUSE_MINUTES; minutes <= LAST_PAUSE_MINUTES; minutes *= 2) {
        Thread.sleep(Duration.ofMinutes(minutes));
        again(checks);
      }
    } catch (InterruptedException e) {
      // somebody wants the thread gone
    } finally {
      STARTED.set(false);
    }
  }

  static List<KernelCheck<?>> run(int rest) {
    List<KernelCheck<?>> checks = new KernelChecks(rest).all();
    results = checks.stream().map(KernelCheck::run).toList();
    return checks;
  }

  static void again(List<KernelCheck<?>> checks) {
    List<KernelCheck.Result> earlier = results;
    var found = new ArrayList<KernelCheck.Result>();
    for (int i = 0; i < checks.size(); i++) {
      found.add(checks.get(i).again(earlier.get(i)));
    }
    results = List.copyOf(found);
  }

  private List<KernelCheck<?>> all() {
    var checks = new ArrayList<KernelCheck<?>>();
    for (FloatFamily family :
        List.of(SquaredL2.FAMILY, InnerProduct.FAMILY, Cosine.FAMILY, Manhattan.FAMILY)) {
      checks.add(one(family));
      checks.add(four(family));
    }
    checks.add(codes());
    checks.add(block());
    checks.add(scan());
    checks.add(bytes());
    checks.add(rotation());
    checks.add(table());
    return checks;
  }

  private KernelCheck<FloatKernel> one(FloatFamily family) {
    return check(
        family.metric() + " row",
        family.slot(),
        () -> FloatFamily.vector(family.metric()),
        family.twin(),
        kernel -> {
          float sum = 0;
          for (int i = 0; i < CALLS; i++) {
            sum += kernel.one(MEMORY, at, MEMORY, at + 1024L * (1 + i % 8), DIMENSION);
            sum += kernel.one(query, MEMORY, at + 1024L * (1 + i % 8), DIMENSION);
          }
          return sum;
        });
  }

  private KernelCheck<FloatKernel> four(FloatFamily family) {
    return check(
        family.metric() + " four rows",
        family.slot(),
        () -> FloatFamily.vector(family.metric()),
        family.twin(),
        kernel -> {
          for (int i = 0; i < CALLS; i++) {
            kernel.four(
                query, MEMORY, at + 1024, at + 2048, at + 3072, at + 4096, DIMENSION, four, 0);
            kernel.four(
                MEMORY, at, MEMORY, at + 1024, at + 2048, at + 3072, at + 4096, DIMENSION, four, 0);
          }
          return four[0];
        });
  }

  private KernelCheck<CodeKernel> codes() {
    CodeFamily family = Uint8Product.FAMILY;
    return check(
        "8-bit codes",
        family.slot(),
        () -> CodeFamily.vector(family.shape()),
        family.twin(),
        kernel -> {
          float sum = 0;
          for (int i = 0; i < CALLS; i++) {
            sum += kernel.one(query, MEMORY, at + 256L * (i % 8), DIMENSION);
            kernel.four(
                query, MEMORY, at, at + 256, at + 512, at + 256L * (i % 8), DIMENSION, four, 0);
          }
          return sum + four[0];
        });
  }

  private KernelCheck<BlockKernel> block() {
    var block = new CodeBlock(DIMENSION, 1, 0, 128, 192, 192 + 4 * DIMENSION);
    var prepared = new CodeQuery(DIMENSION);
    prepared.prepare(query);
    int[] ids = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    return check(
        "blocks of codes",
        CodeBlock.SLOT,
        CodeBlock::vector,
        CodeBlock.TWIN,
        kernel -> {
          int found = 0;
          for (int i = 0; i < CALLS / 4; i++) {
            found +=
                kernel.below(MEMORY, at + 2048L * (i % 8), block, prepared, 0, 0, ids, estimates);
          }
          return found;
        });
  }

  private KernelCheck<ScanKernel> scan() {
    var block = new CodeBlock(DIMENSION, 1, 0, 128, 192, 192 + 4 * DIMENSION);
    var scan = new BlockScan(block, 2048, 144);
    var prepared = new CodeQuery(DIMENSION);
    prepared.prepare(query);
    var limits = new ScanLimits(); // no estimate is below them, so all blocks are looked at
    return check(
        "scan of codes",
        BlockScan.SLOT,
        BlockScan::vector,
        BlockScan.TWIN,
        kernel -> kernel.next(memory, 0, CALLS / 4, scan, prepared, 0, limits));
  }

  private KernelCheck<ByteKernel> bytes() {
    return check(
        "bytes",
        ByteRows.SLOT,
        ByteRows::vector,
        ByteRows.TWIN,
        kernel -> {
          long sum = 0;
          for (int i = 0; i < CALLS; i++) {
            long row = at + 256L * (i % 8);
            sum += kernel.product(MEMORY, at, MEMORY, row, DIMENSION);
            sum += kernel.squaredL2(MEMORY, at, MEMORY, row, DIMENSION);
          }
          return sum;
        });
  }

  private KernelCheck<RotationKernel> rotation() {
    return check(
        "rotation",
        Rotation.SLOT,
        Rotation::vector,
        Rotation.TWIN,
        kernel -> {
          for (int i = 0; i < CALLS / 8; i++) {
            kernel.multiply(zeros, 0, query);
            kernel.transform(zeros, 0, DIMENSION);
            kernel.crossHalves(zeros, 0, DIMENSION);
          }
          return zeros[0];
        });
  }

  private KernelCheck<TableKernel> table() {
    MemorySegment table = memory.asSlice(0, 4 * DIMENSION);
    float[] sums = new float[TableKernel.PARTIAL_SUMS];
    return check(
        "query table",
        CodeQuery.SLOT,
        CodeQuery::vector,
        CodeQuery.TWIN,
        kernel -> {
          float largest = 0;
          for (int i = 0; i < CALLS / 8; i++) {
            largest += kernel.largestGroup(query, DIMENSION);
            kernel.magnitudes(query, DIMENSION, sums);
            kernel.fill(query, DIMENSION, 1, table);
          }
          return largest;
        });
  }

  private <K> KernelCheck<K> check(
      String name, KernelSlot<K> slot, Supplier<K> fresh, K twin, ToDoubleFunction<K> exercise) {
    return new KernelCheck<>(
        name, slot, fresh, twin, exercise, PATIENCE_NANOS, VmCounters::compilationMillis, rest);
  }
}
