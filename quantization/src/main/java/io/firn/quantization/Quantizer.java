package io.firn.quantization;

import java.lang.foreign.MemorySegment;

/**
 * Turns float32 rows into codes, and codes into estimates of the distance to a query. Immutable and
 * safe for any thread; scratch lives in {@link PreparedQuery} and in the calls.
 *
 * <p>The codes of a set of rows are one stretch of memory, {@link #codesBytes} long, in blocks of
 * {@value #BLOCK_ROWS} rows. Where a row's bits lie within it is the quantizer's business and drawn
 * in its javadoc; the layout depends on nothing but the quantizer, never on the machine.
 */
public sealed interface Quantizer
    permits ScalarQuantizer, RabitqQuantizer, ProductQuantizer, SignQuantizer {

  /** Rows of a block. */
  int BLOCK_ROWS = 32;

  /** Name and bits, for tables: {@code rabitq-1}, {@code scalar-8}. */
  String name();

  /** Floats of a row. */
  int dimension();

  /** What its estimates estimate. */
  Distance distance();

  /** Bytes of the codes of {@code rows} rows, factors and padding included. */
  long codesBytes(int rows);

  /**
   * Encodes rows {@code first .. first + count}. Calls for different blocks may run at the same
   * time; each call allocates scratch, so pass many rows at once.
   *
   * @param rows finite floats of this {@link #dimension}
   * @param first a multiple of {@value #BLOCK_ROWS}
   * @param codes the codes of all rows: row {@code i} of {@code rows} becomes code {@code i}
   * @throws IllegalArgumentException if {@code first} is within a block or the dimension differs
   * @throws IndexOutOfBoundsException if rows or codes are too short
   */
  void encode(FloatRows rows, int first, int count, MemorySegment codes);

  /** Reconstructs a row from its code, as near to the original as the code allows. */
  void decodeRow(MemorySegment codes, int row, float[] into);

  /** Creates a reusable query, to be used by one thread at a time. */
  PreparedQuery query();

  /** Bytes {@link #writeTo} needs. */
  long stateBytes();

  /** Writes the trained state as a checksummed block, see {@link QuantizerBlock}. */
  void writeTo(MemorySegment target);

  /**
   * Reads a quantizer back from {@link #writeTo}.
   *
   * @throws CorruptQuantizerException if the bytes are not such a block, or damaged
   */
  static Quantizer read(MemorySegment bytes) {
    return QuantizerBlock.read(bytes);
  }
}
