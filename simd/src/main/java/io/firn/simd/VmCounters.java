package io.firn.simd;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** What the JVM counts about itself; zero where it has no module that tells. */
final class VmCounters {

  private static final boolean COUNTED =
      ModuleLayer.boot().findModule("jdk.management").isPresent()
          && ManagementFactory.getCompilationMXBean() != null;

  private VmCounters() {}

  /** Returns the bytes that this thread has allocated on the heap so far. */
  static long allocatedBytes() {
    return COUNTED ? Beans.THREADS.getCurrentThreadAllocatedBytes() : 0;
  }

  /** Returns the milliseconds that the JIT's threads have compiled so far. */
  static long compilationMillis() {
    return COUNTED ? Beans.COMPILATION.getTotalCompilationTime() : 0;
  }

  /** Apart, because it cannot be linked without the module. */
  private static final class Beans {
    static final com.sun.management.ThreadMXBean THREADS =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();
  }
}
