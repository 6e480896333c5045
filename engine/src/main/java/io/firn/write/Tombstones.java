package io.firn.write;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Dead rows on disk: per collection and block of 65,536 row numbers one Roaring bitmap, so that a
 * delete rewrites a few kilobytes whatever the size of the collection.
 */
public final class Tombstones {

  private static final int BLOCK_BITS = 16;

  /** Reads a value as the current group sees it. */
  interface Values {
    byte @Nullable [] get(Table table, byte[] key);
  }

  private record Block(int collection, int block) {}

  private final Values values;
  private final WriteSet writes;
  private final Map<Block, RoaringBitmap> changed = new HashMap<>();

  Tombstones(Values values, WriteSet writes) {
    this.values = values;
    this.writes = writes;
  }

  void add(int collection, int rowNumber) {
    block(collection, rowNumber).add(rowNumber);
  }

  void remove(int collection, int rowNumber) {
    block(collection, rowNumber).remove(rowNumber);
  }

  private RoaringBitmap block(int collection, int rowNumber) {
    return changed.computeIfAbsent(
        new Block(collection, rowNumber >>> BLOCK_BITS),
        block -> {
          byte[] stored = values.get(Table.TOMBSTONES, key(block));
          return stored == null ? new RoaringBitmap() : decode(stored);
        });
  }

  private static byte[] key(Block block) {
    return ByteBuffer.allocate(8).putInt(block.collection()).putInt(block.block()).array();
  }

  /** Puts the changed blocks into the write set. */
  void flush() {
    changed.forEach((block, bitmap) -> {
      if (bitmap.isEmpty()) {
        writes.remove(Table.TOMBSTONES, key(block));
      } else {
        bitmap.runOptimize();
        writes.put(Table.TOMBSTONES, key(block), encode(bitmap));
      }
    });
    changed.clear();
  }

  private static byte[] encode(RoaringBitmap bitmap) {
    var bytes = new ByteArrayOutputStream(bitmap.serializedSizeInBytes());
    try {
      bitmap.serialize(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** Reads a value whose checksum held. */
  public static RoaringBitmap decode(byte[] bytes) {
    var bitmap = new RoaringBitmap();
    try {
      bitmap.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("a checked bitmap ends early", e);
    }
    return bitmap;
  }
}
