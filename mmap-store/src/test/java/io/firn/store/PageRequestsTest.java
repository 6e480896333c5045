package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class PageRequestsTest {

  private static final int BYTES = 1 << 20;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  @TempDir Path temp;

  private final PageRequests requests = new PageRequests();

  private interface Use {
    void of(SegmentFile file) throws Exception;
  }

  private void inFile(Use use) throws Exception {
    try (DatabaseDirectory directory =
            DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
        Arena arena = Arena.ofShared()) {
      try (SegmentWriter writer = SegmentFile.create(directory, "vec", 1, new long[0], BYTES)) {
        writer.append(ByteBuffer.allocate(BYTES));
        writer.finish();
      }
      SegmentFile file = SegmentFile.open(directory, "vec", 1, arena);
      PagingAdvice.random(file.payload()); // else a fault reads its surroundings too
      use.of(file);
    }
  }

  private static void forget(SegmentFile file) throws Exception {
    int unmap = 4; // MADV_DONTNEED: pages that somebody has mapped stay
    assertThat(Posix.advise(file.payload(), unmap)).isTrue();
    var dd =
        new ProcessBuilder("dd", "if=" + file.path(), "iflag=nocache", "count=0", "status=none");
    assertThat(dd.start().waitFor()).isZero();
  }

  @Test
  void countsWhatIsInMemoryAsNotMissing() throws Exception {
    inFile(file -> {
      file.requireSound(0, BYTES);
      file.ask(requests, 5_000, 3_000);
      assertThat(requests.asked()).isEqualTo(1);
      assertThat(requests.missing()).isZero();
    });
  }

  @Test
  void readsWhatIsNotInMemory() throws Exception {
    inFile(file -> {
      file.requireSound(0, BYTES);
      forget(file);
      assumeTrue(ResidentPages.bytes(file.payload()) == 0, "the system keeps the pages");
      long before = DeviceReads.bytes();
      file.ask(requests, 5_000, 5_000); // two pages of it
      assertThat(requests.missing()).isEqualTo(1);
      long givenUpAt = System.nanoTime() + PATIENCE_NANOS;
      while (ResidentPages.bytes(file.payload()) < 8_192) {
        assertThat(System.nanoTime() - givenUpAt).as("nanoseconds too long").isNegative();
      }
      assertThat(DeviceReads.bytes() - before).isBetween(8_192L, 200_000L);
      file.ask(requests, 5_000, 5_000);
      assertThat(requests.asked()).isEqualTo(2);
      assertThat(requests.missing()).isEqualTo(1);
      requests.reset();
      assertThat(requests.asked() + requests.missing()).isZero();
    });
  }

  /** Its checksum is of the whole block, so all of it is needed. */
  @Test
  void readsTheWholeBlockIfItIsNotVerifiedYet() throws Exception {
    inFile(file -> {
      forget(file);
      assumeTrue(ResidentPages.bytes(file.payload()) == 0, "the system keeps the pages");
      file.ask(requests, 70_000, 100);
      long givenUpAt = System.nanoTime() + PATIENCE_NANOS;
      while (ResidentPages.bytes(file.payload()) < 65_536) {
        assertThat(System.nanoTime() - givenUpAt).as("nanoseconds too long").isNegative();
      }
    });
  }

  @Test
  void refusesWhatIsNotInTheFile() throws Exception {
    inFile(file -> {
      file.requireSound(0, BYTES);
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> requests.ask(file.payload(), BYTES - 10, 11));
    });
  }
}
