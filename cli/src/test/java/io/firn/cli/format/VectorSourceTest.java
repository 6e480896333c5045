package io.firn.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VectorSourceTest {

  @TempDir Path folder;

  static Stream<Arguments> twoRowsOfThree() {
    return Stream.of(
        arguments("a.fvecs", SampleFile.empty().i32(3).f32(1, 2, 3).i32(3).f32(4, 5, 6)),
        arguments("a.bvecs", SampleFile.empty().i32(3).u8(1, 2, 3).i32(3).u8(4, 5, 6)),
        arguments("a.fbin", SampleFile.empty().i32(2, 3).f32(1, 2, 3, 4, 5, 6)),
        arguments("a.FBIN", SampleFile.empty().i32(2, 3).f32(1, 2, 3, 4, 5, 6)),
        arguments("a.u8bin", SampleFile.empty().i32(2, 3).u8(1, 2, 3, 4, 5, 6)),
        arguments("a.i8bin", SampleFile.empty().i32(2, 3).u8(1, 2, 3, 4, 5, 6)),
        arguments("v1.npy", SampleFile.npy(1, "<f4", "(2, 3)").f32(1, 2, 3, 4, 5, 6)),
        arguments("v2.npy", SampleFile.npy(2, "<f4", "(2, 3,)").f32(1, 2, 3, 4, 5, 6)),
        arguments("v3.npy", SampleFile.npy(3, "<f8", "(2,3)").f64(1, 2, 3, 4, 5, 6)),
        arguments("u1.npy", SampleFile.npy(1, "|u1", "(2, 3)").u8(1, 2, 3, 4, 5, 6)),
        arguments("i1.npy", SampleFile.npy(1, "|i1", "(2, 3)").u8(1, 2, 3, 4, 5, 6)),
        arguments("i4.npy", SampleFile.npy(1, "<i4", "(2, 3)").i32(1, 2, 3, 4, 5, 6)),
        arguments(
            "order.npy",
            SampleFile.npy(1, "{'shape':(2,3),'fortran_order':False,'descr':'<f4'}")
                .f32(1, 2, 3, 4, 5, 6)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("twoRowsOfThree")
  void givesTheRowsOfEachFormat(String name, SampleFile file) throws IOException {
    assertThat(read(write(name, file)))
        .containsExactly(new float[] {1, 2, 3}, new float[] {4, 5, 6});
  }

  @Test
  void keepsTheSignOfInt8AndOfNoOther() throws IOException {
    assertThat(read(write("a.u8bin", SampleFile.empty().i32(1, 1).u8(255))))
        .containsExactly(new float[] {255});
    assertThat(read(write("a.i8bin", SampleFile.empty().i32(1, 1).u8(255))))
        .containsExactly(new float[] {-1});
  }

  @Test
  void readsAnNpyArrayOfOneDimensionAsOneRow() throws IOException {
    assertThat(read(write("a.npy", SampleFile.npy(1, "<f4", "(3,)").f32(1, 2, 3))))
        .containsExactly(new float[] {1, 2, 3});
  }

  @Test
  void readsASetOfNoRows() throws IOException {
    assertThat(read(write("a.fbin", SampleFile.empty().i32(0, 7)))).isEmpty();
  }

  @Test
  void readsAFileLargerThanItsBuffer() throws IOException {
    int dimension = 999; // rows straddle the end of the buffer
    int count = 800;
    ByteBuffer bytes =
        ByteBuffer.allocate(count * (dimension + 1) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < count; row++) {
      bytes.putInt(dimension);
      for (int i = 0; i < dimension; i++) {
        bytes.putFloat(row * 1000f + i);
      }
    }
    Path file = Files.write(folder.resolve("big.fvecs"), bytes.array());

    List<float[]> rows = read(file);

    assertThat(rows).hasSize(count);
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < dimension; i++) {
        assertThat(rows.get(row)[i]).isEqualTo(row * 1000f + i);
      }
    }
  }

  @Test
  void leavesTheTargetAloneAtTheEnd() throws IOException {
    Path file = write("a.fbin", SampleFile.empty().i32(0, 2));
    float[] into = {8, 9};
    try (VectorSource source = VectorSource.open(file)) {
      assertThat(source.next(into)).isFalse();
    }
    assertThat(into).containsExactly(8, 9);
  }

  @Test
  void refusesATargetTooSmallForARow() throws IOException {
    Path file = write("a.fbin", SampleFile.empty().i32(1, 2).f32(1, 2));
    try (VectorSource source = VectorSource.open(file)) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> source.next(new float[1]))
          .withMessageContaining("must hold 2 numbers but holds 1");
    }
  }

  @Test
  void refusesAnUnknownExtensionAndListsTheKnown() throws IOException {
    Path file = write("a.csv", SampleFile.empty());
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> VectorSource.open(file))
        .withMessageContaining("fvecs, bvecs, fbin, u8bin, i8bin, npy")
        .withMessageContaining("'csv'");
  }

  @Test
  void noticesAFileThatShrinksWhileItIsRead() throws IOException {
    Path file = write("a.fbin", SampleFile.empty().i32(2, 3).f32(1, 2, 3, 4, 5, 6));
    try (VectorSource source = VectorSource.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(20);
      assertThat(source.next(new float[3])).isTrue();
      assertThatExceptionOfType(MalformedFileException.class)
          .isThrownBy(() -> source.next(new float[3]))
          .withMessageContaining("row 1 must be complete but is cut short");
    }
  }

  @Test
  void givesIntListsOfEachFormat() throws IOException {
    for (Path file :
        List.of(
            write("t.ivecs", SampleFile.empty().i32(2, 7, -8, 2, 9, 10)),
            write("t.ibin", SampleFile.empty().i32(2, 2, 7, -8, 9, 10)),
            write("t.npy", SampleFile.npy(1, "<i4", "(2, 2)").i32(7, -8, 9, 10)))) {
      try (IntListSource source = IntListSource.open(file)) {
        assertThat(source.width()).isEqualTo(2);
        assertThat(source.count()).isEqualTo(2);
        int[] list = new int[2];
        assertThat(source.next(list)).isTrue();
        assertThat(list).containsExactly(7, -8);
        assertThat(source.next(list)).isTrue();
        assertThat(list).containsExactly(9, 10);
        assertThat(source.next(list)).isFalse();
      }
    }
  }

  @Test
  void refusesFloatsAsIntLists() throws IOException {
    Path file = write("t.npy", SampleFile.npy(1, "<f4", "(1, 1)").f32(1));
    assertThatExceptionOfType(MalformedFileException.class)
        .isThrownBy(() -> IntListSource.open(file))
        .withMessageContaining("descr must be <i4 but is FLOAT32");
  }

  private Path write(String name, SampleFile file) throws IOException {
    return Files.write(folder.resolve(name), file.bytes());
  }

  private static List<float[]> read(Path file) throws IOException {
    List<float[]> rows = new ArrayList<>();
    try (VectorSource source = VectorSource.open(file)) {
      float[] row = new float[source.dimension()];
      while (source.next(row)) {
        rows.add(row.clone());
      }
      assertThat(rows).hasSize((int) source.count());
    }
    return rows;
  }
}
