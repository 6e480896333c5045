package io.firn.search;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.firn.CollectionSpec;
import io.firn.FirnException;
import io.firn.Metric;
import io.firn.hnsw.HnswGraph;
import io.firn.hnsw.HnswParams;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Interleavings of the code that readers run without a lock. Run by {@code StressTest}. */
final class PublicationStress {

  private PublicationStress() {}

  /** A reader and the writer at the end of a snapshot. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "too late to pin")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "pinned, drained afterwards")
  @Outcome(expect = FORBIDDEN, desc = "drained while pinned, twice, or never")
  @State
  public static class PinAgainstRetire {
    private final AtomicInteger drained = new AtomicInteger();
    private final Snapshot snapshot = new Snapshot(1, List.of(), drained::incrementAndGet);

    @Actor
    public void reader(II_Result result) {
      if (snapshot.tryPin()) {
        result.r1 = drained.get() == 0 ? 1 : -1;
        snapshot.close();
      }
    }

    @Actor
    public void writer() {
      snapshot.retire();
    }

    @Arbiter
    public void after(II_Result result) {
      result.r2 = drained.get();
    }
  }

  /** Two readers that leave, one of them with the writer: the last of both drains. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "drained once, after both")
  @Outcome(expect = FORBIDDEN, desc = "drained while pinned, twice, or never")
  @State
  public static class TwoLeave {
    private final AtomicInteger drained = new AtomicInteger();
    private final Snapshot snapshot = new Snapshot(1, List.of(), drained::incrementAndGet);

    public TwoLeave() {
      snapshot.tryPin();
      snapshot.tryPin();
    }

    @Actor
    public void reader(II_Result result) {
      result.r1 = drained.get() == 0 ? 1 : -1;
      snapshot.close();
    }

    @Actor
    public void writer() {
      snapshot.retire();
      snapshot.close();
    }

    @Arbiter
    public void after(II_Result result) {
      result.r2 = drained.get();
    }
  }

  private static final CollectionSpec SPEC = CollectionSpec.of(1, Metric.EUCLIDEAN);

  private static CollectionView view(List<SegmentView> segments) {
    return new CollectionView(
        SPEC, 1, 1, 1, segments, new Deletions(), new Revisions(), new PlanCosts(1));
  }

  private static FreshSegment segmentOf(float value) {
    var segment = new FreshSegment(SPEC, 0, null);
    append(segment, value);
    return segment;
  }

  private static void append(FreshSegment segment, float value) {
    segment.append(MemorySegment.ofArray(new float[] {value}));
    segment.publish();
  }

  private static int read(Segment segment) {
    return (int) segment.rows().memory(0).get(ValueLayout.JAVA_FLOAT, 0);
  }

  /** A database of one row. */
  abstract static class OneSegment {
    final FreshSegment segment = segmentOf(7);
    final Snapshots snapshots =
        new Snapshots(1, List.of(view(List.of(new SegmentView(segment, 1)))));

    final void replace() {
      snapshots.publish(2, List.of(view(List.of())), List.of(segment));
    }

    final int freed() {
      return segment.rows().memory(0).scope().isAlive() ? 0 : 1;
    }
  }

  /** A reader of a segment that the writer replaces. */
  @JCStressTest
  @Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "the old snapshot, freed afterwards")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the new snapshot")
  @Outcome(expect = FORBIDDEN, desc = "freed under a reader, or never")
  @State
  public static class ReadAgainstReplace extends OneSegment {
    @Actor
    public void reader(II_Result result) {
      try (Snapshot pinned = snapshots.pin()) {
        List<SegmentView> seen = pinned.collections().getFirst().segments();
        result.r1 = seen.isEmpty() ? 0 : read(seen.getFirst().segment());
      }
    }

    @Actor
    public void writer() {
      replace();
    }

    @Arbiter
    public void after(II_Result result) {
      result.r2 = freed();
    }
  }

  /** A search and {@code close}. */
  @JCStressTest
  @Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "before the close, freed afterwards")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "refused")
  @Outcome(expect = FORBIDDEN, desc = "freed under a reader, or never")
  @State
  public static class ReadAgainstClose extends OneSegment {
    @Actor
    public void reader(II_Result result) {
      try (Snapshot pinned = snapshots.pin()) {
        result.r1 = read(pinned.collections().getFirst().segments().getFirst().segment());
      } catch (FirnException.Closed e) {
        result.r1 = -1;
      }
    }

    @Actor
    public void closer() {
      snapshots.close();
    }

    @Arbiter
    public void after(II_Result result) {
      result.r2 = freed();
    }
  }

  /** A merge lets go of a segment while the writer publishes its end. */
  @JCStressTest
  @Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "read by the merge, freed once afterwards")
  @Outcome(expect = FORBIDDEN, desc = "freed under the merge, twice, or never")
  @State
  public static class KeepAgainstReplace extends OneSegment {
    private final Snapshots.Keeping keeping = snapshots.keep(List.of(segment));

    @Actor
    public void merger(II_Result result) {
      result.r1 = read(segment);
      keeping.close();
    }

    @Actor
    public void writer() {
      replace();
    }

    @Arbiter
    public void after(II_Result result) {
      result.r2 = freed();
    }
  }

  /** A row that is published is whole. */
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not published yet")
  @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "whole")
  @Outcome(expect = FORBIDDEN, desc = "published before it was written")
  @State
  public static class RowIsWhole {
    private final FreshSegment segment = new FreshSegment(SPEC, 0, null);

    @Actor
    public void writer() {
      append(segment, 7);
    }

    @Actor
    public void reader(II_Result result) {
      result.r1 = segment.size();
      result.r2 = result.r1 == 0 ? 0 : read(segment);
    }

    @Arbiter
    public void after() {
      segment.release();
    }
  }

  /** Who sees the commit of a deletion sees the deletion, also where the table of them grows. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "before the commit: alive")
  @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "after it: dead")
  @Outcome(expect = FORBIDDEN, desc = "a ghost, or dead too early")
  @State
  public static class DeletedRowIsDead {
    private static final int FAR_ROW = 1 << 20;
    private final Deletions deletions = new Deletions();
    private volatile int sequence = 1;

    @Actor
    public void writer() {
      deletions.kill(FAR_ROW, 2);
      sequence = 2;
    }

    @Actor
    public void reader(II_Result result) {
      result.r1 = sequence;
      result.r2 = deletions.alive(FAR_ROW, result.r1) ? 1 : 0;
    }
  }

  /** A reader finds the metadata of its own time in the table or among the replaced ones. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "of its own time")
  @Outcome(expect = FORBIDDEN, desc = "of a later one")
  @State
  public static class MetadataOfItsTime {
    private final Revisions revisions = new Revisions();
    private volatile byte[] table = {1};

    @Actor
    public void writer() {
      revisions.replaced(0, 2, table);
      table = new byte[] {2};
    }

    @Actor
    public void reader(I_Result result) {
      byte[] read = table;
      byte[] replaced = revisions.at(0, 1);
      result.r1 = replaced == null ? read[0] : replaced[0];
    }
  }

  /** A walk meets only nodes that are there, while the indexer links another. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the new node is not found yet")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new node is found, and has its links")
  @Outcome(expect = FORBIDDEN, desc = "a node that is none, or one without links")
  @State
  public static class WalkAgainstInsert {
    private static final int BEFORE = 3;
    private final HnswGraph graph = new HnswGraph(new HnswParams(2, 8, 1));

    public WalkAgainstInsert() {
      for (int node = 0; node < BEFORE; node++) {
        insert(node);
      }
    }

    private void insert(int node) {
      graph.insert(
          node,
          (from, nodes, distances, count) -> {
            for (int i = 0; i < count; i++) {
              distances[i] = Math.abs(nodes[i] - from);
            }
          });
    }

    @Actor
    public void indexer() {
      insert(BEFORE);
    }

    @Actor
    public void reader(II_Result result) {
      int[] near = new int[graph.degree()];
      result.r1 = 1;
      for (int node = 0; node < BEFORE; node++) {
        int count = graph.neighbours(node, near);
        for (int i = 0; i < count; i++) {
          result.r1 = near[i] < 0 || near[i] > BEFORE ? -1 : result.r1;
          if (near[i] == BEFORE) {
            result.r2 = graph.neighbours(BEFORE, new int[graph.degree()]) > 0 ? 1 : -1;
          }
        }
      }
    }
  }
}
