package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class KernelModeTest {

  private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";
  private static final String MIXED = "mixed mode, sharing";

  @Test
  void withoutTheModuleKernelsAreScalarAndSayHowToGetVectors() {
    KernelMode mode = KernelMode.choose(null, false, HOTSPOT, MIXED, () -> 256);

    assertThat(mode.vectorized()).isFalse();
    assertThat(mode.describe()).startsWith("scalar: add --add-modules jdk.incubator.vector");
  }

  @Test
  void withoutACompilerForVectorsKernelsAreScalar() {
    assertThat(KernelMode.choose(null, true, "Eclipse OpenJ9 VM", MIXED, () -> 256).laneBits())
        .isZero();
    assertThat(KernelMode.choose(null, true, HOTSPOT, "interpreted mode", () -> 256).laneBits())
        .isZero();
    assertThat(
            KernelMode.choose(null, true, HOTSPOT, "mixed mode, emulated-client", () -> 256)
                .laneBits())
        .isZero();
  }

  @Test
  void aForcedWidthIsTaken() {
    assertThat(KernelMode.choose("128", true, HOTSPOT, MIXED, () -> 256).laneBits()).isEqualTo(128);
    assertThat(KernelMode.choose("scalar", true, HOTSPOT, MIXED, () -> 256).laneBits()).isZero();
  }

  @Test
  void refusesAWidthThatDoesNotExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KernelMode.choose("1024", true, HOTSPOT, MIXED, () -> 256))
        .withMessageContaining("firn.simd must be scalar, 128, 256 or 512 but is 1024");
  }

  @Test
  void refusesAWidthThatThisMachineWouldEmulate() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KernelMode.choose("512", true, HOTSPOT, MIXED, () -> 256))
        .withMessageContaining("firn.simd must be at most 256 but is 512");
  }

  @Test
  void describesItsLanes() {
    assertThat(new KernelMode(512, "").describe()).isEqualTo("vector 512-bit (16 float lanes)");
  }

  @Test
  void thisProcessRunsTheModeItWasStartedFor() {
    String expected = System.getProperty("firn.test.laneBits");
    if (expected != null) {
      assertThat(Kernels.laneBits()).isEqualTo(Integer.parseInt(expected));
    }
    assertThat(Kernels.vectorized()).isEqualTo(Kernels.laneBits() > 0);
  }
}
