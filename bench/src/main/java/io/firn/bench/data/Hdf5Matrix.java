package io.firn.bench.data;

import io.firn.CollectionSpec;
import io.jhdf.HdfFile;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A matrix of real numbers that lies in a file row after row, as ann-benchmarks writes them.
 *
 * @param offset of the first byte in the file
 * @param rows at least 1
 * @param width numbers in a row, 1..{@link CollectionSpec#MAX_DIMENSION}
 * @param elementBytes 4 for float32, 8 for float64
 */
record Hdf5Matrix(long offset, int rows, int width, int elementBytes, ByteOrder order) {

  private static final int BLOCK_BYTES = 1 << 20;

  /**
   * Finds a matrix in the root of a file and checks that the file has all of it.
   *
   * @throws IllegalArgumentException if there is no such matrix
   */
  static Hdf5Matrix find(HdfFile hdf, String name) {
    Node node = hdf.getChild(name); // not by path, which would follow links into other files
    if (!(node instanceof ContiguousDataset matrix)) {
      throw new IllegalArgumentException(
          "%s must be one plain block of numbers but is %s: ann-benchmarks writes it so. Copy it by 'h5repack -f NONE -l CONTI'"
              .formatted(name, node == null ? "absent" : node.getClass().getSimpleName()));
    }
    FloatingPoint numbers = numbers(name, matrix.getDataType());
    long[] shape = matrix.getDimensionsAsLong();
    boolean vectors =
        shape.length == 2
            && shape[0] >= 1
            && shape[0] <= Integer.MAX_VALUE
            && shape[1] >= 1
            && shape[1] <= CollectionSpec.MAX_DIMENSION;
    long offset = hdf.getUserBlockSize() + matrix.getDataAddress();
    if (!vectors || !fits(hdf, offset, shape[0] * shape[1] * numbers.getSize())) {
      throw new IllegalArgumentException(
          "%s must be rows of 1..%d numbers within the file's %d bytes but is %s from byte %d"
              .formatted(
                  name, CollectionSpec.MAX_DIMENSION, hdf.size(), Arrays.toString(shape), offset));
    }
    return new Hdf5Matrix(
        offset, (int) shape[0], (int) shape[1], numbers.getSize(), numbers.getByteOrder());
  }

  private static boolean fits(HdfFile hdf, long offset, long bytes) {
    return offset > 0 && offset <= hdf.size() && bytes <= hdf.size() - offset;
  }

  private static FloatingPoint numbers(String name, DataType type) {
    if (type instanceof FloatingPoint numbers
        && (layout(numbers).equals(layout(FloatingPoint.FLOAT))
            || layout(numbers).equals(layout(FloatingPoint.DOUBLE)))) {
      return numbers;
    }
    throw new IllegalArgumentException(
        "numbers of %s must be float32 or float64 of IEEE 754 but are %s of %d bytes"
            .formatted(name, type.getClass().getSimpleName(), type.getSize()));
  }

  private static List<Integer> layout(FloatingPoint type) {
    return List.of(
        type.getSize(),
        (int) type.getBitOffset(),
        (int) type.getBitPrecision(),
        type.getSignLocation(),
        (int) type.getExponentLocation(),
        (int) type.getExponentSize(),
        (int) type.getMantissaLocation(),
        (int) type.getMantissaSize(),
        type.getMantissaNormalization(),
        type.getExponentBias());
  }

  /** Writes all rows as an fbin file of float32. */
  void copy(FileChannel from, Path into) throws IOException {
    int rowBytes = width * elementBytes;
    ByteBuffer block = ByteBuffer.allocate(Math.max(1, BLOCK_BYTES / rowBytes) * rowBytes);
    block.order(order);
    float[] row = new float[width];
    long end = offset + (long) rows * rowBytes;
    try (BinWriter writer = new BinWriter(into, width)) {
      for (long at = offset; at < end; at += block.limit()) {
        block.clear().limit((int) Math.min(block.capacity(), end - at));
        fill(block, from, at);
        while (block.hasRemaining()) {
          for (int i = 0; i < width; i++) {
            row[i] = elementBytes == Float.BYTES ? block.getFloat() : (float) block.getDouble();
          }
          writer.write(row);
        }
      }
    }
  }

  private static void fill(ByteBuffer block, FileChannel from, long at) throws IOException {
    while (block.hasRemaining()) {
      if (from.read(block, at + block.position()) < 0) {
        throw new EOFException("file has become shorter while it was read");
      }
    }
    block.flip();
  }
}
