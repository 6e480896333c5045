package io.firn.bench.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A file as h5py writes it by default and ann-benchmarks publishes it, byte by byte from the HDF5
 * File Format Specification: superblock 0, the root group as symbol table, B-tree and local heap,
 * the attribute as variable-length text in a global heap, matrices in one block each. Nothing in it
 * has a checksum.
 */
final class Hdf5Sample {

  static final float[][] TRAIN = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {-1, 0.5f, 1e20f}};
  static final float[][] TEST = {{3, 2, 1}, {6, 5, 4}};
  static final String DISTANCE = "euclidean";

  static final int TREE_AT = 0x300;

  private static final long NOWHERE = -1;
  private static final int ROOT_AT = 0x60;
  private static final int ATTRIBUTE_HEAP_AT = 0x100;
  private static final int NAMES_AT = 0x200;
  private static final int NAME_TEXTS_AT = 0x240;
  private static final int SYMBOLS_AT = 0x400;
  private static final int TRAIN_AT = 0x500;
  private static final int TEST_AT = 0x600;
  private static final int TRAIN_ROWS_AT = 0x700;
  private static final int TEST_ROWS_AT = 0x740;
  private static final int BYTES = 0x758;

  private final ByteBuffer file = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private Hdf5Sample() {}

  static byte[] bytes() {
    Hdf5Sample sample = new Hdf5Sample();
    sample.superblock();
    sample.root();
    sample.attributeHeap();
    sample.names();
    sample.tree(TREE_AT, 0, SYMBOLS_AT);
    sample.symbols();
    sample.matrix(TRAIN_AT, TRAIN, TRAIN_ROWS_AT);
    sample.matrix(TEST_AT, TEST, TEST_ROWS_AT);
    return sample.file.array();
  }

  /**
   * With {@code levels} more nodes in the group's B-tree, each with {@code children} entries that
   * all lead to the next: a few bytes, and children to the power of levels ways through them.
   */
  static byte[] withManyWays(int levels, int children) {
    byte[] bytes = Arrays.copyOf(bytes(), BYTES + levels * nodeBytes(children));
    Hdf5Sample sample = new Hdf5Sample();
    ByteBuffer more = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long next = TREE_AT;
    for (int level = 1; level <= levels; level++) {
      int at = BYTES + (level - 1) * nodeBytes(children);
      long[] entries = new long[children];
      Arrays.fill(entries, next);
      sample.node(more, at, level, entries);
      next = at;
    }
    return more.putLong(ROOT_AT + 16 + 8, next).array();
  }

  private static int nodeBytes(int children) {
    return 24 + 32 * children + 8;
  }

  private void superblock() {
    text(0, "\u0089HDF\r\n\u001a\n");
    file.position(8).put(new byte[] {0, 0, 0, 0, 0, 8, 8, 0});
    file.putShort((short) 4).putShort((short) 16).putInt(0);
    file.putLong(0).putLong(NOWHERE).putLong(BYTES).putLong(NOWHERE);
    file.putLong(0).putLong(ROOT_AT).putInt(1).putInt(0).putLong(TREE_AT).putLong(NAMES_AT);
  }

  private void root() {
    header(ROOT_AT, 2, 24 + 8 + 72);
    message(0x11, 16).putLong(TREE_AT).putLong(NAMES_AT);
    message(0x0c, 72).put(new byte[] {1, 0}).putShort((short) 9).putShort((short) 24);
    file.putShort((short) 8)
        .put("distance".getBytes(StandardCharsets.US_ASCII))
        .position(file.position() + 8); // padded to 16
    file.put(new byte[] {0x19, 1, 1, 0}).putInt(16); // text of any length
    file.put(new byte[] {0x10, 0, 0, 0}).putInt(1).putInt(0x00080000).putInt(0); // of bytes
    file.put(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}); // one
    file.putInt(DISTANCE.length()).putLong(ATTRIBUTE_HEAP_AT).putInt(1);
  }

  private void attributeHeap() {
    text(ATTRIBUTE_HEAP_AT, "GCOL");
    file.putInt(1).putLong(NAMES_AT - ATTRIBUTE_HEAP_AT);
    file.putShort((short) 1).putShort((short) 1).putInt(0).putLong(DISTANCE.length());
    text(file.position(), DISTANCE);
    int free = ATTRIBUTE_HEAP_AT + 48; // rounded up to eight bytes
    file.position(free).putLong(0).putLong(NAMES_AT - free);
  }

  private void names() {
    text(NAMES_AT, "HEAP");
    file.putInt(0).putLong(32).putLong(1).putLong(NAME_TEXTS_AT);
    text(NAME_TEXTS_AT + 8, "test");
    text(NAME_TEXTS_AT + 16, "train");
  }

  private void tree(int at, int level, long child) {
    node(file, at, level, child);
  }

  private void node(ByteBuffer into, int at, int level, long... children) {
    into.position(at).put("TREE".getBytes(StandardCharsets.US_ASCII));
    into.put((byte) 0).put((byte) level).putShort((short) children.length);
    into.putLong(NOWHERE).putLong(NOWHERE);
    for (long child : children) {
      into.putLong(0).putLong(child);
    }
    into.putLong(16);
  }

  private void symbols() {
    text(SYMBOLS_AT, "SNOD");
    file.put(new byte[] {1, 0}).putShort((short) 2);
    file.putLong(8).putLong(TEST_AT).putLong(0).putLong(0).putLong(0);
    file.putLong(16).putLong(TRAIN_AT).putLong(0).putLong(0).putLong(0);
  }

  private void matrix(int at, float[][] rows, int rowsAt) {
    header(at, 3, 3 * 8 + 24 + 24 + 24);
    message(0x01, 24).put(new byte[] {1, 2, 0, 0, 0, 0, 0, 0});
    file.putLong(rows.length).putLong(rows[0].length);
    message(0x03, 24).put(new byte[] {0x11, 0x20, 31, 0}).putInt(4).putShort((short) 0);
    file.putShort((short) 32).put(new byte[] {23, 8, 0, 23}).putInt(127).putInt(0);
    int bytes = rows.length * rows[0].length * Float.BYTES;
    message(0x08, 24).put(new byte[] {3, 1}).putLong(rowsAt).putLong(bytes);
    file.position(rowsAt);
    for (float[] row : rows) {
      for (float value : row) {
        file.putFloat(value);
      }
    }
  }

  private void header(int at, int messages, int bytes) {
    file.position(at).put((byte) 1).put((byte) 0).putShort((short) messages);
    file.putInt(1).putInt(bytes).putInt(0);
  }

  private ByteBuffer message(int type, int bytes) {
    return file.putShort((short) type).putShort((short) bytes).putInt(0);
  }

  private void text(int at, String text) {
    file.position(at).put(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
