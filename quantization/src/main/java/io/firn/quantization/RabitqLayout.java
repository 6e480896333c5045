package io.firn.quantization;

import java.lang.foreign.MemorySegment;

/** Where RaBitQ codes and their factors lie. Immutable. */
sealed interface RabitqLayout permits RabitqBlocks, RabitqRows {

  long codesBytes(int rows);

  /** Writes the code that the encoder found for a row, or leaves it in {@code block} till later. */
  void putRow(MemorySegment codes, int row, RabitqEncoder encoder, RabitqBlock block);

  /**
   * Writes what is left of the first {@code count} rows of a block. All bytes of the block are then
   * written, so that encoding leaves the same bytes whatever was there.
   */
  void putBlock(MemorySegment codes, int index, RabitqBlock block, int count);

  /** Reconstructs a rotated residual. */
  void decode(MemorySegment codes, int row, float[] residual);

  /** Scratch for estimates of one query. */
  RabitqEstimates estimates();
}
