package io.firn.tier;

import io.firn.TierMove;
import java.util.ArrayDeque;
import java.util.List;

/** The moves since the database was opened, and the last of them with their reasons. Any thread. */
final class Moves {

  private static final System.Logger LOG = System.getLogger(Tiers.class.getName());
  private static final int KEPT = 32;

  private final ArrayDeque<TierMove> last = new ArrayDeque<>();
  private long count;

  synchronized void add(TierMove move) {
    LOG.log(System.Logger.Level.DEBUG, move::toString);
    count++;
    last.addLast(move);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized List<TierMove> last() {
    return List.copyOf(last);
  }
}
