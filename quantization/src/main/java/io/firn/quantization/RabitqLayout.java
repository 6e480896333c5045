package io.firn.quantization;

import java.lang.foreign.MemorySegment;

/** Where RaBitQ codes and their factors lie. Immutable. */
sealed interface RabitqLayout permits RabitqBlocks, RabitqRows {

  long codesBytes(int rows);

  /** Makes a block empty, so that encoding leaves the same bytes whatever was there. */
  void clear(MemorySegment codes, int block);

  /** Writes the code the encoder found for {@code residual}. */
  void putCode(MemorySegment codes, int row, RabitqEncoder encoder, float[] residual);

  /** Writes the factors of the first {@code count} rows of a block. */
  void putFactors(MemorySegment codes, int block, RabitqBlock factors, int count);

  /** Reconstructs a rotated residual. */
  void decode(MemorySegment codes, int row, float[] residual);

  /** Scratch for estimates of one query. */
  RabitqEstimates estimates();
}
