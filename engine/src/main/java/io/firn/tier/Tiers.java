package io.firn.tier;

import io.firn.FirnException;
import io.firn.Tier;
import io.firn.TierMove;
import io.firn.search.SealedSegment;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import io.firn.store.DeviceReads;
import io.firn.store.MachineMemory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that watches how sealed segments are searched, and brings them where they are waited
 * for least. What it makes is derived, and has no name: a process that is killed in the middle of a
 * move has lost nothing, and the next one begins with the segments' own files. One for each
 * database with files.
 */
public final class Tiers {

  private static final System.Logger LOG = System.getLogger(Tiers.class.getName());
  private static final long LOOK_PAUSE_NANOS = 200_000_000;
  private static final long RETRY_PAUSE_NANOS = 60_000_000_000L;

  private final Map<SealedSegment, Placed> placed = new HashMap<>();
  private final Moves moves = new Moves();
  private final Snapshots snapshots;
  private final long availableBytes = MachineMemory.availableBytes();
  private final long memoryBytes;
  private final boolean writable;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean paused;
  private long readBytes = DeviceReads.bytes();

  /**
   * Tiers of the segments that the current snapshot shows.
   *
   * @param memoryBytes that forms and files that are read ahead may take
   * @param writable whether compact forms can be made: they are files without a name
   */
  public Tiers(Snapshots snapshots, long memoryBytes, boolean writable) {
    this.snapshots = snapshots;
    this.memoryBytes = memoryBytes;
    this.writable = writable;
    this.thread = Thread.ofPlatform().name("firn-tiers").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!closing) {
      LockSupport.parkNanos(this, LOOK_PAUSE_NANOS);
      try {
        look();
      } catch (FirnException.Closed e) {
        LOG.log(System.Logger.Level.DEBUG, "the database was closed", e);
        return;
      } catch (Throwable e) { // out of memory, say: searches go on as they do
        LOG.log(System.Logger.Level.WARNING, "segments stay where they are for a minute", e);
        LockSupport.parkNanos(this, RETRY_PAUSE_NANOS);
      }
    }
  }

  private synchronized void look() {
    if (paused) {
      return;
    }
    long before = readBytes;
    readBytes = DeviceReads.bytes();
    boolean reading = readBytes != before;
    if (!reading && placed.values().stream().noneMatch(Tiers::isWatched)) {
      return; // of thousands of collections, none is looked at
    }
    try (Move move = plan(reading)) {
      Placement.Step step = move.step();
      if (step != null) {
        move.segments().forEach(segment -> move(segment, step));
      }
    }
  }

  /** Looks at all segments; what is to be moved stays open until the move is closed. */
  private Move plan(boolean reading) {
    try (Snapshot snapshot = snapshots.pin()) {
      List<SealedSegment> segments = snapshot.sealedSegments();
      placed.keySet().retainAll(new HashSet<>(segments));
      long now = System.nanoTime();
      for (SealedSegment segment : segments) {
        place(segment, now).look(reading, now);
      }
      Placement.Step step = placement().next(new ArrayList<>(placed.values()));
      List<SealedSegment> moved =
          segments.stream().filter(of -> step != null && placed.get(of) == step.segment()).toList();
      return new Move(step, moved, snapshots.keep(List.copyOf(moved)));
    }
  }

  /** A heap that grows takes memory from the forms. */
  private Placement placement() {
    return new Placement(
        Math.min(memoryBytes, MachineMemory.besideHeapBytes(availableBytes)), TierRules.DEFAULT);
  }

  private static boolean isWatched(Placed segment) {
    return segment.tier() != Tier.HOT || segment.isCold();
  }

  private Placed place(SealedSegment segment, long nowNanos) {
    return placed.computeIfAbsent(
        segment,
        of ->
            new Placed(
                of.temperature(),
                of.mappedBytes(),
                writable ? of.compactBytes() : Long.MAX_VALUE,
                TierRules.DEFAULT,
                nowNanos));
  }

  /** One segment, or none, on its way; a pin of the whole snapshot would keep much more. */
  private record Move(
      Placement.@Nullable Step step, List<SealedSegment> segments, Snapshots.Keeping keeping)
      implements AutoCloseable {

    @Override
    public void close() {
      keeping.close();
    }
  }

  private void move(SealedSegment segment, Placement.Step step) {
    Tier from = step.segment().tier();
    var pace = new Pace(() -> closing || paused);
    boolean done =
        switch (step.to()) {
          case HOT -> read(segment, step.segment(), pace);
          case WARM -> segment.makeCompact(pace);
          case COLD -> true;
        };
    if (done && step.to() != Tier.WARM) {
      segment.dropCompact();
    }
    if (done) {
      step.segment().moved(step.to(), System.nanoTime());
      long id = segment.segmentId().orElse(0);
      moves.add(new TierMove(Instant.now(), id, from, step.to(), step.why()));
    } else if (!closing && !paused) {
      step.segment().failed(System.nanoTime());
    }
  }

  private static boolean read(SealedSegment segment, Placed place, Pace pace) {
    boolean done = segment.readAll(pace);
    if (done) {
      long resident = segment.residentBytes(); // -1 if the system does not say
      double least = (1 - TierRules.DEFAULT.worthShare()) * segment.mappedBytes();
      place.rereads().read(resident < 0 || resident >= least, System.nanoTime());
    }
    return done;
  }

  /** Leaves everything where it is, in the middle of a move too, or goes on. */
  public void pause(boolean now) {
    paused = now;
    synchronized (this) {
      paused = now; // after what was under way has ended
    }
  }

  /** Moves since the database was opened. */
  public long moves() {
    return moves.count();
  }

  /** The last moves, oldest first. */
  public List<TierMove> lastMoves() {
    return moves.last();
  }

  /** Asks the thread to end and returns it: the caller waits for it. Idempotent. */
  public Thread end() {
    closing = true;
    LockSupport.unpark(thread);
    return thread;
  }
}
