package io.firn.search;

import io.firn.store.PageRequests;
import java.util.concurrent.atomic.LongAdder;

/**
 * Whether searches of a sealed segment wait for the disk, as those say that did, and as the thread
 * decides that watches them. Any thread.
 */
public final class Temperature {

  private final LongAdder asked = new LongAdder();
  private final LongAdder missing = new LongAdder();
  private volatile boolean cold;

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
