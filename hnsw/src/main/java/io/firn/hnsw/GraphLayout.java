package io.firn.hnsw;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32C;

/**
 * Where everything lies in a stored graph; drawn at {@link SealedGraph}.
 *
 * @param size nodes
 * @param upperInts ints of all lists above layer 0
 */
record GraphLayout(HnswParams params, int size, int upperInts) {

  static final int HEADER_BYTES = 64;

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final long MAGIC = 0x5753_4E48_4E52_4946L; // "FIRNHNSW" as a little-endian long
  private static final int VERSION = 1;

  private static final long MAGIC_AT = 0;
  private static final long VERSION_AT = 8;
  private static final long M_AT = 12;
  private static final long EF_CONSTRUCTION_AT = 16;
  private static final long SIZE_AT = 20;
  private static final long SEED_AT = 24;
  private static final long ENTRY_POINT_AT = 32;
  private static final long UPPER_INTS_AT = 40;
  private static final long CRC_AT = 60;

  /** Reads and verifies a header against the length of the bytes. */
  static GraphLayout readHeader(MemorySegment bytes) {
    require(bytes.byteSize() >= HEADER_BYTES, "byte size", ">= 64", bytes.byteSize());
    require(bytes.get(LONG, MAGIC_AT) == MAGIC, "magic", "" + MAGIC, bytes.get(LONG, MAGIC_AT));
    long crc = Integer.toUnsignedLong(bytes.get(INT, CRC_AT));
    require(crc == crc(bytes), "header checksum", "" + crc(bytes), crc);
    int version = bytes.get(INT, VERSION_AT);
    require(version == VERSION, "version", "" + VERSION, version);
    GraphLayout layout =
        new GraphLayout(readParams(bytes), bytes.get(INT, SIZE_AT), bytes.get(INT, UPPER_INTS_AT));
    require(layout.size >= 0, "size", ">= 0", layout.size);
    require(layout.upperInts >= 0, "upper ints", ">= 0", layout.upperInts);
    long needed = layout.byteSize();
    require(bytes.byteSize() >= needed, "byte size", ">= " + needed, bytes.byteSize());
    return layout;
  }

  private static HnswParams readParams(MemorySegment bytes) {
    int m = bytes.get(INT, M_AT);
    int efConstruction = bytes.get(INT, EF_CONSTRUCTION_AT);
    require(m >= 2 && m <= HnswParams.MAX_M, "m", "2..256", m);
    require(
        efConstruction >= m && efConstruction <= HnswParams.MAX_EF_CONSTRUCTION,
        "efConstruction",
        "m..65536",
        efConstruction);
    return new HnswParams(m, efConstruction, bytes.get(LONG, SEED_AT));
  }

  /** The stored entry point: {@code level << 32 | node}, checked against the size. */
  long readEntryPoint(MemorySegment bytes) {
    long entry = bytes.get(LONG, ENTRY_POINT_AT);
    if (size == 0) {
      require(entry == Graph.NO_ENTRY, "entry point", "-1", entry);
    } else {
      long level = entry >>> 32;
      require(level <= LevelGenerator.MAX_LEVEL, "entry level", "0..31", level);
      int node = (int) entry;
      require(node >= 0 && node < size, "entry node", "0.." + (size - 1), node);
    }
    return entry;
  }

  void writeHeader(MemorySegment target, long entryPoint) {
    target.asSlice(0, HEADER_BYTES).fill((byte) 0);
    target.set(LONG, MAGIC_AT, MAGIC);
    target.set(INT, VERSION_AT, VERSION);
    target.set(INT, M_AT, params.m());
    target.set(INT, EF_CONSTRUCTION_AT, params.efConstruction());
    target.set(INT, SIZE_AT, size);
    target.set(LONG, SEED_AT, params.seed());
    target.set(LONG, ENTRY_POINT_AT, entryPoint);
    target.set(INT, UPPER_INTS_AT, upperInts);
    target.set(INT, CRC_AT, (int) crc(target));
  }

  long layer0At(int node) {
    return HEADER_BYTES + (long) node * params.maxDegree(0) * Integer.BYTES;
  }

  long upperIndexAt(int node) {
    return layer0At(size) + (long) node * Integer.BYTES;
  }

  long upperListsAt(int index) {
    return upperIndexAt(size) + (long) index * Integer.BYTES;
  }

  long byteSize() {
    return upperListsAt(upperInts);
  }

  private static long crc(MemorySegment header) {
    var crc = new CRC32C();
    crc.update(header.asSlice(0, CRC_AT).asByteBuffer());
    return crc.getValue();
  }

  private static void require(boolean holds, String what, String rule, long value) {
    if (!holds) {
      throw new CorruptGraphException(CorruptGraphException.NO_NODE, what, rule, value);
    }
  }
}
