package io.firn.search;

import io.firn.Tier;
import io.firn.store.PageRequests;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How a sealed segment is searched: whether searches ask for its pages ahead, and whether they walk
 * its compact form in place of its records. The thread that watches decides, by what searches say
 * that they found. Any thread.
 */
public final class Temperature {

  private final LongAdder asked = new LongAdder();
  private final LongAdder missing = new LongAdder();
  private final LongAdder searches = new LongAdder();
  private volatile boolean cold;
  private volatile @Nullable CompactRecords compact;

  /**
   * True while searches ask for what they are going to read ahead of time. In memory they do not:
   * asking takes a fifth of a search there.
   */
  public boolean cold() {
    return cold;
  }

  public void setCold(boolean cold) {
    this.cold = cold;
  }

  /** Where the segment lies for the next search. */
  public Tier tier() {
    return compact != null ? Tier.WARM : cold ? Tier.COLD : Tier.HOT;
  }

  /** Counts one more of {@link #searches}. */
  public void countSearch() {
    searches.increment();
  }

  /** Walks and other searches of the segment. */
  public long searches() {
    return searches.sum();
  }

  /** The form in memory; whoever reads it must pin it. */
  @Nullable CompactRecords compact() {
    return compact;
  }

  /** From now on searches walk this form; the one before is freed when the last has left it. */
  void setCompact(@Nullable CompactRecords form) {
    CompactRecords before = compact;
    compact = form;
    if (before != null) {
      before.retire();
    }
  }

  /** Adds what a search asked for, and counts in {@code requests} from zero again. */
  void note(PageRequests requests) {
    note(requests.asked(), requests.missing());
    requests.reset();
  }

  /** Adds to {@link #asked} and {@link #missing}. */
  public void note(int asked, int missing) {
    this.asked.add(asked);
    this.missing.add(missing);
  }

  /** Records and rows that searches asked for ahead of time. */
  public long asked() {
    return asked.sum();
  }

  /** Those of them that were not in memory. */
  public long missing() {
    return missing.sum();
  }
}
