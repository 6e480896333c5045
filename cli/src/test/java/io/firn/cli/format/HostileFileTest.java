package io.firn.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A fixed corpus of files that lie; each must be refused at a known byte before it is believed. */
class HostileFileTest {

  private static final String GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}";

  @TempDir Path folder;

  static Stream<Arguments> vecsAndBin() {
    return Stream.of(
        arguments("empty", "a.fvecs", SampleFile.empty(), 0),
        arguments("three bytes", "a.fvecs", SampleFile.empty().u8(1, 0, 0), 0),
        arguments("width only", "a.fvecs", SampleFile.empty().i32(1), 0),
        arguments("width 0", "a.fvecs", SampleFile.empty().i32(0), 0),
        arguments("negative width", "a.bvecs", SampleFile.empty().i32(-1).u8(1), 0),
        arguments("minimal width", "a.fvecs", SampleFile.empty().i32(Integer.MIN_VALUE), 0),
        arguments("greatest width", "a.fvecs", SampleFile.empty().i32(Integer.MAX_VALUE), 0),
        arguments("big-endian width", "a.fvecs", SampleFile.empty().u8(0, 0, 0, 2).f32(1, 2), 0),
        arguments("half a row", "a.fvecs", SampleFile.empty().i32(2).f32(1, 2).i32(2).f32(1), 0),
        arguments(
            "second width", "a.fvecs", SampleFile.empty().i32(2).f32(1, 2).i32(1).f32(1, 2), 12),
        arguments("half a header", "a.fbin", SampleFile.empty().i32(1), 0),
        arguments("no rows there", "a.fbin", SampleFile.empty().i32(-1, 4), 0),
        arguments("width 0", "a.fbin", SampleFile.empty().i32(0, 0), 4),
        arguments("huge both", "a.fbin", SampleFile.empty().i32(-1, -1), 4),
        arguments("product over 2^32", "a.fbin", SampleFile.empty().i32(1 << 30, 4), 0),
        arguments("a byte short", "a.u8bin", SampleFile.empty().i32(2, 2).u8(1, 2, 3), 0),
        arguments("a byte long", "a.i8bin", SampleFile.empty().i32(1, 2).u8(1, 2, 3), 0));
  }

  static Stream<Arguments> npy() {
    return Stream.of(
        arguments("empty", SampleFile.empty(), 0),
        arguments("magic", SampleFile.empty().u8(0x93, 'N', 'u', 'm', 0, 0, 1, 0, 0, 0, 0, 0), 2),
        arguments("version 0", SampleFile.npy(0, GOOD).f32(1), 6),
        arguments("version 4", SampleFile.npy(4, GOOD).f32(1), 6),
        arguments(
            "text outside file",
            SampleFile.empty().u8(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 255, 255, 0, 0),
            8),
        arguments(
            "text of 4 GiB",
            SampleFile.empty().u8(0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 255, 255, 255, 255),
            8),
        arguments("no dictionary", SampleFile.npy(1, "[]"), 10),
        arguments("not closed", SampleFile.npy(1, "{'descr': '<f4'"), 25),
        arguments("string not closed", SampleFile.npy(1, "{'descr"), 12),
        arguments("fortran order", SampleFile.npy(1, GOOD.replace("False", "True")).f32(1), 44),
        arguments("big-endian", SampleFile.npy(1, GOOD.replace('<', '>')).f32(1), 25),
        arguments("object", SampleFile.npy(1, GOOD.replace("<f4", "|O")).f32(1), 24),
        arguments("unknown key", SampleFile.npy(1, GOOD.replace("descr", "dtype")), 11),
        arguments("key missing", SampleFile.npy(1, "{'descr': '<f4', 'shape': (1, 1)}"), 43),
        arguments("key twice", SampleFile.npy(1, "{'descr': '<f4', 'descr': '<f4'}"), 35),
        arguments("no dimension", SampleFile.npy(1, GOOD.replace("(1, 1)", "()")), 61),
        arguments("not a tuple", SampleFile.npy(1, GOOD.replace("(1, 1)", "(1)")), 62),
        arguments("three dimensions", SampleFile.npy(1, GOOD.replace("(1, 1)", "(1, 1, 1)")), 67),
        arguments("negative rows", SampleFile.npy(1, GOOD.replace("(1, 1)", "(-1, 1)")), 61),
        arguments("rows over 2^63", SampleFile.npy(1, shape("99999999999999999999")), 61),
        arguments("product over 2^63", SampleFile.npy(1, shape("999999999999999999")).f32(1), 10),
        arguments("width 0", SampleFile.npy(1, GOOD.replace("(1, 1)", "(1, 0)")), 10),
        arguments("text behind", SampleFile.npy(1, GOOD + "import os").f32(1), 67),
        arguments("a number short", SampleFile.npy(1, GOOD), 10),
        arguments("a number long", SampleFile.npy(1, GOOD).f32(1, 2), 10));
  }

  private static String shape(String rows) {
    return GOOD.replace("(1, 1)", "(" + rows + ", 65536)");
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("vecsAndBin")
  void isRefusedAtItsByte(String lie, String name, SampleFile file, long offset)
      throws IOException {
    assertRefusedAt(offset, name, file);
  }

  @ParameterizedTest(name = "npy: {0}")
  @MethodSource("npy")
  void isRefusedAtItsByte(String lie, SampleFile file, long offset) throws IOException {
    assertRefusedAt(offset, "a.npy", file);
  }

  private void assertRefusedAt(long offset, String name, SampleFile file) throws IOException {
    Path path = Files.write(folder.resolve(name), file.bytes());

    MalformedFileException refusal =
        catchThrowableOfType(MalformedFileException.class, () -> readAll(path));

    assertThat(refusal).isNotNull();
    assertThat(refusal.offset()).as(refusal.getMessage()).isEqualTo(offset);
    assertThat(refusal.file()).isEqualTo(path.toString());
    assertThat(refusal).hasMessageContaining(refusal.value()).hasMessageEndingWith(".");
  }

  private static void readAll(Path file) throws IOException {
    try (VectorSource source = VectorSource.open(file)) {
      float[] row = new float[source.dimension()];
      while (source.next(row)) {
        assertThat(row).hasSize(source.dimension());
      }
    }
  }
}
