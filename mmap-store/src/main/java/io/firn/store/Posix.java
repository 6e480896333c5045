package io.firn.store;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The C functions the JDK does not offer. A function that the platform lacks is absent, and its
 * method says so, so that the caller has another way.
 */
@SuppressWarnings("restricted") // binding C functions is what this class is for
final class Posix {

  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  private static final int O_RDWR = 2; // the same on Linux and macOS; O_CLOEXEC is not
  private static final int O_CLOEXEC = LINUX ? 0x80000 : 0x1000000;
  private static final int LOCK_EXCLUSIVE_NONBLOCKING = 2 | 4;
  private static final int EWOULDBLOCK = LINUX ? 11 : 35;
  private static final int EINTR = 4;
  private static final int EINVAL = 22;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;
  private static final int EOPNOTSUPP = 95;
  private static final int USAGE_SELF = 0;
  private static final long USAGE_BYTES = 144; // of struct rusage on 64-bit Linux

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_AT =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final @Nullable MethodHandle OPEN =
      find(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final @Nullable MethodHandle CLOSE =
      find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final @Nullable MethodHandle FLOCK =
      find("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final @Nullable MethodHandle POSIX_FALLOCATE =
      find("posix_fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final @Nullable MethodHandle MADVISE =
      find("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final @Nullable MethodHandle MINCORE =
      find("mincore", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS));
  private static final @Nullable MethodHandle GETRUSAGE =
      find("getrusage", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final @Nullable MethodHandle GETPAGESIZE =
      find("getpagesize", FunctionDescriptor.of(JAVA_INT));
  private static final @Nullable MethodHandle GETHOSTNAME =
      find("gethostname", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

  private static final long PAGE_BYTES = pageSize();

  private Posix() {}

  static boolean hasFlock() {
    return OPEN != null && CLOSE != null && FLOCK != null;
  }

  /**
   * Opens {@code file} and locks that opening by flock(2).
   *
   * @return the descriptor, to be closed by {@link #close}; -1 if another opening holds the lock
   */
  static int tryLock(Path file) throws IOException {
    int descriptor = open(file);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      while (flock(state, descriptor) != 0) {
        int errno = (int) ERRNO_AT.get(state, 0L);
        if (errno != EINTR) {
          close(descriptor);
          if (errno != EWOULDBLOCK) {
            throw new IOException("%s cannot be locked: flock errno %d".formatted(file, errno));
          }
          return -1;
        }
      }
      return descriptor;
    }
  }

  static void close(int descriptor) {
    try {
      int _ = (int) present(CLOSE).invokeExact(descriptor); // it closes it whatever it returns
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int flock(MemorySegment state, int descriptor) {
    try {
      return (int) present(FLOCK).invokeExact(state, descriptor, LOCK_EXCLUSIVE_NONBLOCKING);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Reserves the first {@code bytes} bytes of an existing file.
   *
   * @return false if the platform or file system cannot
   * @throws DiskFullException if there is not so much space
   */
  static boolean preallocate(Path file, long bytes) throws IOException {
    if (POSIX_FALLOCATE == null || !hasFlock() || bytes == 0) {
      return bytes == 0;
    }
    int descriptor = open(file);
    int errno;
    try {
      do {
        errno = fallocate(descriptor, bytes);
      } while (errno == EINTR);
    } finally {
      close(descriptor);
    }
    return switch (errno) {
      case 0 -> true;
      case EINVAL, EOPNOTSUPP -> false;
      case ENOSPC, EDQUOT ->
          throw new DiskFullException(
              file, "%d bytes could not be reserved".formatted(bytes), null);
      default ->
          throw new IOException(
              "%d bytes of %s could not be reserved: errno %d".formatted(bytes, file, errno));
    };
  }

  private static int fallocate(int descriptor, long bytes) {
    try {
      return (int) present(POSIX_FALLOCATE).invokeExact(descriptor, 0L, bytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Advises the kernel about the pages that {@code segment} touches; false if it did not listen.
   */
  static boolean advise(MemorySegment segment, int advice) {
    if (MADVISE == null || segment.byteSize() == 0) {
      return false;
    }
    long unaligned = segment.address() & (PAGE_BYTES - 1);
    return advise(segment.address() - unaligned, segment.byteSize() + unaligned, advice);
  }

  /** The same of memory that begins at a page and lives until this returns. Allocates nothing. */
  static boolean advise(long address, long bytes, int advice) {
    try {
      return MADVISE != null && (int) MADVISE.invokeExact(address, bytes, advice) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int pageSize() {
    try {
      return GETPAGESIZE == null ? 4_096 : (int) GETPAGESIZE.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long pageBytes() {
    return PAGE_BYTES;
  }

  /**
   * Asks which pages of a mapping are in memory.
   *
   * @param pages starts at a page
   * @param answer one byte for each page, whose lowest bit is set if it is
   * @return false if the platform cannot tell
   */
  static boolean residency(MemorySegment pages, MemorySegment answer) {
    return residency(pages.address(), pages.byteSize(), answer);
  }

  /** The same of memory that lives until this returns. Allocates nothing. */
  static boolean residency(long address, long bytes, MemorySegment answer) {
    try {
      return MINCORE != null && (int) MINCORE.invokeExact(address, bytes, answer) == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * A counter of this process.
   *
   * @param at its offset in {@code struct rusage}
   * @return 0 where the platform does not count
   */
  static long usage(long at) {
    if (!LINUX || GETRUSAGE == null) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment usage = arena.allocate(USAGE_BYTES);
      return (int) GETRUSAGE.invokeExact(USAGE_SELF, usage) == 0 ? usage.get(JAVA_LONG, at) : 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static String hostName() {
    if (GETHOSTNAME != null) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocate(256);
        if ((int) GETHOSTNAME.invokeExact(name, name.byteSize() - 1) == 0) {
          return name.getString(0);
        }
      } catch (Throwable e) {
        throw unexpected(e);
      }
    }
    String windowsName = System.getenv("COMPUTERNAME");
    return windowsName == null ? "unknown" : windowsName;
  }

  private static int open(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment name = arena.allocateFrom(file.toString());
      int descriptor = open(state, name);
      if (descriptor < 0) {
        int errno = (int) ERRNO_AT.get(state, 0L);
        throw new IOException("%s cannot be opened: errno %d".formatted(file, errno));
      }
      return descriptor;
    }
  }

  private static int open(MemorySegment state, MemorySegment name) {
    try {
      return (int) present(OPEN).invokeExact(state, name, O_RDWR | O_CLOEXEC);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static @Nullable MethodHandle find(
      String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER
        .defaultLookup()
        .find(name)
        .map(address -> LINKER.downcallHandle(address, type, options))
        .orElse(null);
  }

  private static MethodHandle present(@Nullable MethodHandle handle) {
    if (handle == null) {
      throw new UnsupportedOperationException("the platform has no such C function");
    }
    return handle;
  }

  private static AssertionError unexpected(Throwable e) {
    return new AssertionError("a C function throws nothing: its binding is wrong", e);
  }
}
