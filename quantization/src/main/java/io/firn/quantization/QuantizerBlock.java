package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The trained state of a {@link Quantizer} as bytes, little-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      8  magic      "FIRNQUAN"
 *      8      4  version    1
 *     12      4  kind       1 scalar, 2 rabitq, 3 product, 4 sign
 *     16      4  distance   0 SQUARED_L2, 1 INNER_PRODUCT, 2 COSINE
 *     20      4  dimension
 *     24      4  bits
 *     28      4  floats     n
 *     32      8  seed
 *     40      4  subspaces  product only, else 0
 *     44     12  reserved   zero
 *     56      4  crc32c     of the floats
 *     60      4  crc32c     of bytes 0..59
 *     64    4·n  floats     rabitq: the centroid; sign: the mean; product: the codebooks as in
 *                           {@link Codebooks}, then the mean squared error
 * </pre>
 */
final class QuantizerBlock {

  private static final int HEADER_BYTES = 64;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final long MAGIC = 0x4E41_5551_4E52_4946L; // "FIRNQUAN" as a little-endian long
  private static final int VERSION = 1;

  private static final int SCALAR = 1;
  private static final int RABITQ = 2;
  private static final int PRODUCT = 3;
  private static final int SIGN = 4;

  private static final long VERSION_AT = 8;
  private static final long KIND_AT = 12;
  private static final long DISTANCE_AT = 16;
  private static final long DIMENSION_AT = 20;
  private static final long BITS_AT = 24;
  private static final long FLOATS_AT = 28;
  private static final long SEED_AT = 32;
  private static final long SUBSPACES_AT = 40;
  private static final long FLOATS_CRC_AT = 56;
  private static final long CRC_AT = 60;

  private QuantizerBlock() {}

  static long bytes(int floats) {
    return HEADER_BYTES + 4L * floats;
  }

  static void write(ScalarQuantizer quantizer, MemorySegment target) {
    write(target, SCALAR, quantizer, quantizer.bits(), 0, 0, new float[0]);
  }

  static void write(RabitqQuantizer quantizer, MemorySegment target) {
    float[] centroid = quantizer.centring().centroid();
    write(target, RABITQ, quantizer, quantizer.bits(), quantizer.seed(), 0, centroid);
  }

  static void write(ProductQuantizer quantizer, MemorySegment target) {
    Codebooks codebooks = quantizer.codebooks();
    int count = codebooks.values().length;
    float[] floats = Arrays.copyOf(codebooks.values(), count + 1);
    floats[count] = quantizer.squaredError();
    write(target, PRODUCT, quantizer, quantizer.bits(), 0, codebooks.subspaces(), floats);
  }

  static void write(SignQuantizer quantizer, MemorySegment target) {
    write(target, SIGN, quantizer, 1, 0, 0, quantizer.mean());
  }

  private static void write(
      MemorySegment target,
      int kind,
      Quantizer quantizer,
      int bits,
      long seed,
      int subspaces,
      float[] floats) {
    target.asSlice(0, HEADER_BYTES).fill((byte) 0);
    target.set(LONG, 0, MAGIC);
    target.set(INT, VERSION_AT, VERSION);
    target.set(INT, KIND_AT, kind);
    target.set(INT, DISTANCE_AT, quantizer.distance().code());
    target.set(INT, DIMENSION_AT, quantizer.dimension());
    target.set(INT, BITS_AT, bits);
    target.set(INT, FLOATS_AT, floats.length);
    target.set(LONG, SEED_AT, seed);
    target.set(INT, SUBSPACES_AT, subspaces);
    MemorySegment.copy(floats, 0, target, FloatRows.FLOAT, HEADER_BYTES, floats.length);
    target.set(INT, FLOATS_CRC_AT, crc(target, HEADER_BYTES, 4L * floats.length));
    target.set(INT, CRC_AT, crc(target, 0, CRC_AT));
  }

  static Quantizer read(MemorySegment bytes) {
    require(bytes.byteSize() >= HEADER_BYTES, "byte size", "64 or more", bytes.byteSize());
    require(bytes.get(LONG, 0) == MAGIC, "magic", "" + MAGIC, bytes.get(LONG, 0));
    requireCrc(bytes, CRC_AT, 0, CRC_AT, "header checksum");
    int version = bytes.get(INT, VERSION_AT);
    require(version == VERSION, "version", "" + VERSION, version);
    int count = bytes.get(INT, FLOATS_AT);
    require(
        count >= 0 && bytes(count) <= bytes.byteSize(), "floats", "as many as there are", count);
    requireCrc(bytes, FLOATS_CRC_AT, HEADER_BYTES, 4L * count, "checksum of the floats");
    float[] floats = new float[count];
    MemorySegment.copy(bytes, FloatRows.FLOAT, HEADER_BYTES, floats, 0, count);
    return create(bytes, floats);
  }

  private static Quantizer create(MemorySegment bytes, float[] floats) {
    int kind = bytes.get(INT, KIND_AT);
    int dimension = bytes.get(INT, DIMENSION_AT);
    int bits = bytes.get(INT, BITS_AT);
    int subspaces = bytes.get(INT, SUBSPACES_AT);
    Distance distance = Distance.ofCode(bytes.get(INT, DISTANCE_AT));
    require(kind >= SCALAR && kind <= SIGN, "kind", "1..4", kind);
    require(dimension >= 1, "dimension", "1 or more", dimension);
    require(bits >= 1 && bits <= RabitqQuantizer.MAX_BITS, "bits", "1..8", bits);
    long expected =
        switch (kind) {
          case SCALAR -> 0;
          case PRODUCT -> 1 + ((long) dimension << bits);
          default -> dimension;
        };
    require(floats.length == expected, "floats", "" + expected, floats.length);
    for (float each : floats) {
      require(Float.isFinite(each), "a float", "finite", Float.floatToRawIntBits(each));
    }
    try {
      return switch (kind) {
        case SCALAR -> new ScalarQuantizer(dimension, bits, distance);
        case RABITQ -> new RabitqQuantizer(bits, distance, bytes.get(LONG, SEED_AT), floats);
        case PRODUCT -> product(distance, dimension, bits, subspaces, floats);
        default -> new SignQuantizer(floats);
      };
    } catch (IllegalArgumentException e) {
      throw new CorruptQuantizerException("bits", "as its kind allows", bits);
    }
  }

  private static ProductQuantizer product(
      Distance distance, int dimension, int bits, int subspaces, float[] floats) {
    require(bits == 8 || bits == 4, "bits", "8 or 4", bits);
    require(subspaces >= 1 && subspaces <= dimension, "subspaces", "1..dimension", subspaces);
    int values = floats.length - 1;
    var codebooks = new Codebooks(dimension, subspaces, 1 << bits, Arrays.copyOf(floats, values));
    return new ProductQuantizer(distance, bits, codebooks, floats[values]);
  }

  private static void requireCrc(
      MemorySegment bytes, long crcAt, long from, long length, String what) {
    int expected = crc(bytes, from, length);
    int found = bytes.get(INT, crcAt);
    require(found == expected, what, "" + expected, found);
  }

  private static void require(boolean holds, String what, String rule, long value) {
    if (!holds) {
      throw new CorruptQuantizerException(what, rule, value);
    }
  }

  private static int crc(MemorySegment bytes, long from, long length) {
    var crc = new CRC32C();
    crc.update(bytes.asSlice(from, length).asByteBuffer());
    return (int) crc.getValue();
  }
}
