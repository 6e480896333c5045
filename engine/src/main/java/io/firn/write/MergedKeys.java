package io.firn.write;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keys of LMDB and of the writes that wait before it, joined in order; what waits has the say. */
final class MergedKeys {

  private final @Nullable Iterator<Map.Entry<byte[], byte[]>> waiting;
  private final Predicate<byte[]> visitor;
  private Map.@Nullable Entry<byte[], byte[]> next;
  private boolean goesOn = true;

  MergedKeys(@Nullable Iterator<Map.Entry<byte[], byte[]>> waiting, Predicate<byte[]> visitor) {
    this.waiting = waiting;
    this.visitor = visitor;
    advance();
  }

  private void advance() {
    next = waiting != null && waiting.hasNext() ? waiting.next() : null;
  }

  /** Takes the next key of LMDB; false if the visitor has seen enough. */
  boolean stored(byte[] key) {
    while (goesOn && next != null && Arrays.compareUnsigned(next.getKey(), key) < 0) {
      visitNext();
    }
    if (goesOn && next != null && Arrays.equals(next.getKey(), key)) {
      visitNext();
    } else if (goesOn) {
      goesOn = visitor.test(key);
    }
    return goesOn;
  }

  /** Takes what waits behind the last key of LMDB. */
  void end() {
    while (goesOn && next != null) {
      visitNext();
    }
  }

  private void visitNext() {
    var here = next;
    if (here != null && !WriteSet.isRemoval(here.getValue())) {
      goesOn = visitor.test(here.getKey());
    }
    advance();
  }
}
