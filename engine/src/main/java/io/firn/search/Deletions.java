package io.firn.search;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * At which sequence number each row of a collection died. Row numbers are never reused, so an entry
 * is written once; a snapshot compares it with its own number and needs no copy of a bitmap.
 *
 * <p>One writer, any readers: an entry is written before the snapshot that must respect it is
 * published, and a reader of an older snapshot ignores it.
 */
public final class Deletions {

  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;

  private volatile AtomicReferenceArray<long @Nullable []> chunks = new AtomicReferenceArray<>(4);

  private volatile boolean any;

  /** True once any row was ever recorded. */
  boolean any() {
    return any;
  }

  /** Records that the row is gone from {@code sequence} on. Writer thread only. */
  public void kill(int rowNumber, long sequence) {
    any = true;
    int chunk = rowNumber >>> CHUNK_BITS;
    if (chunk >= chunks.length()) {
      grow(chunk);
    }
    long[] diedAt = chunks.get(chunk);
    if (diedAt == null) {
      diedAt = new long[CHUNK_ROWS];
      diedAt[rowNumber & (CHUNK_ROWS - 1)] = sequence;
      chunks.set(chunk, diedAt);
    } else {
      diedAt[rowNumber & (CHUNK_ROWS - 1)] = sequence;
    }
  }

  private void grow(int chunk) {
    var grown =
        new AtomicReferenceArray<long @Nullable []>(Math.max(chunk + 1, chunks.length() * 2));
    for (int i = 0; i < chunks.length(); i++) {
      grown.setPlain(i, chunks.get(i));
    }
    chunks = grown;
  }

  /** True if the row is alive at {@code sequence}. Safe from any thread. */
  public boolean alive(int rowNumber, long sequence) {
    var all = chunks;
    int chunk = rowNumber >>> CHUNK_BITS;
    if (chunk >= all.length()) {
      return true;
    }
    long[] diedAt = all.get(chunk);
    if (diedAt == null) {
      return true;
    }
    long at = diedAt[rowNumber & (CHUNK_ROWS - 1)];
    return at == 0 || at > sequence;
  }
}
