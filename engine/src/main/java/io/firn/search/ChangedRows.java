package io.firn.search;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The latest metadata updates in a block of rows. Thread-safe. */
final class ChangedRows {

  private static final int MAX_KEPT = 8_192;
  private static final int[] NONE = {};

  private int[] rowNumbers = new int[16];
  private long[] sequences = new long[16]; // ascending
  private int size;
  private long completeSince; // every update after it is here
  private volatile long last;

  synchronized void add(int rowNumber, long sequence) {
    if (size == MAX_KEPT) {
      forgetHalf();
    }
    if (size == rowNumbers.length) {
      rowNumbers = Arrays.copyOf(rowNumbers, 2 * size);
      sequences = Arrays.copyOf(sequences, 2 * size);
    }
    rowNumbers[size] = rowNumber;
    sequences[size++] = sequence;
    last = sequence;
  }

  private void forgetHalf() {
    int half = size / 2;
    completeSince = sequences[half - 1];
    System.arraycopy(rowNumbers, half, rowNumbers, 0, size - half);
    System.arraycopy(sequences, half, sequences, 0, size - half);
    size -= half;
  }

  /** Rows updated after a sequence number, possibly twice; null if some were forgotten. */
  int @Nullable [] since(long sequence) {
    if (last <= sequence) {
      return NONE;
    }
    synchronized (this) {
      if (sequence < completeSince) {
        return null;
      }
      int from = size;
      while (from > 0 && sequences[from - 1] > sequence) {
        from--;
      }
      return Arrays.copyOfRange(rowNumbers, from, size);
    }
  }
}
