package io.firn.simd;

import java.util.Locale;
import java.util.function.IntSupplier;
import jdk.incubator.vector.VectorShape;
import org.jspecify.annotations.Nullable;

/**
 * How the kernels of this process compute: decided once, before any kernel class is linked.
 *
 * <p>It runs when module {@code jdk.incubator.vector} is absent, so types of that module are named
 * only in {@link WidestVector}, which is linked after the module was found.
 *
 * @param laneBits width of a vector register in bits: 128, 256 or 512; 0 means scalar
 * @param reason why this mode and no other, for people
 */
record KernelMode(int laneBits, String reason) {

  /**
   * System property that forces a mode: {@code scalar}, {@code 128}, {@code 256} or {@code 512}.
   */
  static final String PROPERTY = "firn.simd";

  static KernelMode choose() {
    return choose(
        System.getProperty(PROPERTY),
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vm.info", ""),
        () -> WidestVector.bits());
  }

  static KernelMode choose(
      @Nullable String forced,
      boolean modulePresent,
      String vmName,
      String vmInfo,
      IntSupplier widestBits) {
    if (forced != null && forced.equals("scalar")) {
      return new KernelMode(0, "forced by -D" + PROPERTY + "=scalar");
    }
    if (!modulePresent) {
      return new KernelMode(
          0,
          "add --add-modules jdk.incubator.vector to the java command line for the vector kernels");
    }
    if (!vmName.contains("HotSpot") && !vmName.contains("OpenJDK")) {
      return new KernelMode(0, "the JIT of " + vmName + " does not compile the Vector API");
    }
    String info = vmInfo.toLowerCase(Locale.ROOT);
    if (info.contains("interpreted") || info.contains("emulated-client")) {
      return new KernelMode(0, "the C2 compiler is off (" + vmInfo + ")");
    }
    return forced == null
        ? preferred(widestBits.getAsInt())
        : forced(forced, widestBits.getAsInt());
  }

  private static KernelMode preferred(int bits) {
    return bits < 128
        ? new KernelMode(0, "the JIT offers no vector of 128 bits or more")
        : new KernelMode(bits, "the widest this JVM offers");
  }

  private static KernelMode forced(String value, int widest) {
    int bits =
        switch (value) {
          case "128" -> 128;
          case "256" -> 256;
          case "512" -> 512;
          default ->
              throw new IllegalArgumentException(
                  "%s must be scalar, 128, 256 or 512 but is %s: no other width has kernels. Remove -D%s to let the JVM choose."
                      .formatted(PROPERTY, value, PROPERTY));
        };
    if (bits > widest) {
      throw new IllegalArgumentException(
          "%s must be at most %d but is %d: wider vectors are emulated here, a hundred times slower. Remove -D%s."
              .formatted(PROPERTY, widest, bits, PROPERTY));
    }
    return new KernelMode(bits, "forced by -D" + PROPERTY + "=" + value);
  }

  boolean vectorized() {
    return laneBits > 0;
  }

  String describe() {
    return vectorized()
        ? "vector %d-bit (%d float lanes)".formatted(laneBits, laneBits / Float.SIZE)
        : "scalar: " + reason;
  }

  /** Apart, because it cannot be linked without the module. */
  private static final class WidestVector {
    static int bits() {
      return VectorShape.preferredShape().vectorBitSize();
    }
  }
}
