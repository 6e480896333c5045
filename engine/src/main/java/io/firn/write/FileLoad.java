package io.firn.write;

import io.firn.Durability;
import io.firn.FirnException;
import io.firn.Progress;
import io.firn.search.NodeRecordBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A load into segment files: rows are written one after the other, a new segment begins when one
 * has as many as memory can build, graphs are built at the commit. Before it the files are orphans.
 */
final class FileLoad implements Load {

  private static final System.Logger LOG = System.getLogger(FileLoad.class.getName());

  /** Whoever loads waits for it. */
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private final CollectionState collection;
  private final SegmentFiles files;
  private final WriteQueue queue;
  private final Loads loads;
  private final int segmentRows;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<SpooledRows> segments = new ArrayList<>();
  private @Nullable SpooledRows filling; // the last of the segments
  private int nextRowNumber;
  private long rows;
  private boolean ended;
  private volatile boolean cancelled;

  FileLoad(
      CollectionState collection,
      SegmentFiles files,
      WriteQueue queue,
      Loads loads,
      long memoryBytes) {
    this.collection = collection;
    this.files = files;
    this.queue = queue;
    this.loads = loads;
    this.nextRowNumber = collection.nextRowNumber(); // nobody else takes any until this ends
    this.segmentRows = NodeRecordBuilder.maxRows(collection.spec(), THREADS, memoryBytes);
  }

  @Override
  public void add(Operation.Upsert row) {
    lock.lock();
    try {
      Loads.requireOpen(ended);
      append(row);
      rows++;
    } catch (IOException e) {
      giveUp();
      throw Failures.of(e);
    } finally {
      lock.unlock();
    }
  }

  private void append(Operation.Upsert row) throws IOException {
    SpooledRows into = filling;
    if (into == null) {
      into = files.spool(collection.spec(), nextRowNumber);
      segments.add(into);
      filling = into;
    }
    into.add(row.vector(), row.row());
    nextRowNumber++;
    if (into.count() == segmentRows) {
      writeVectors();
    }
  }

  private void writeVectors() throws IOException {
    SpooledRows full = filling;
    if (full != null) {
      files.writeVectors(collection.spec(), full);
      filling = null;
    }
  }

  @Override
  public long rows() {
    lock.lock();
    try {
      return rows;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void commit(Progress progress) {
    lock.lock();
    try {
      Loads.requireOpen(ended);
      prepare(progress);
      if (segments.isEmpty()) {
        giveUp();
      } else {
        handOver();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Everything but the commit. What fails here leaves nothing. */
  private void prepare(Progress progress) {
    boolean done = false;
    try {
      writeVectors();
      long before = 0;
      for (SpooledRows segment : segments) {
        long base = before;
        files.build(collection.spec(), segment, THREADS, linked -> tell(progress, base + linked));
        before += segment.count();
      }
      tell(progress, rows);
      done = true;
    } catch (IOException e) {
      throw Failures.of(e);
    } finally {
      if (!done) {
        giveUp();
      }
    }
  }

  private void tell(Progress progress, long done) {
    if (cancelled) {
      throw new FirnException.Cancelled(
          "a bulk load must stay open until it is committed but was closed: nothing of it was stored. Load again.");
    }
    progress.at(done, rows);
  }

  private void handOver() {
    ended = true;
    try {
      var load = new Operation.Load(collection, List.copyOf(segments));
      queue.execute(List.of(load), Durability.FULL);
    } catch (RuntimeException e) {
      segments.forEach(SpooledRows::release); // files stay, as the commit may be on the disk
      throw e;
    } finally {
      segments.forEach(this::deleteSpools);
      loads.committed(this);
    }
  }

  private void deleteSpools(SpooledRows segment) {
    try {
      segment.delete();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "files of a bulk load stay until the next open", e);
    }
  }

  /** Ends without effect and deletes all files. */
  private void giveUp() {
    ended = true;
    for (SpooledRows segment : segments) {
      segment.release();
      deleteSpools(segment);
      try {
        files.discard(segment.segmentId());
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "files of a bulk load stay until the next open", e);
      }
    }
    loads.givenUp(this, collection);
  }

  @Override
  public void close() {
    cancelled = true; // ends a commit that runs, on another thread or around this call
    if (lock.isHeldByCurrentThread()) {
      return;
    }
    lock.lock();
    try {
      if (!ended) {
        giveUp();
      }
    } finally {
      lock.unlock();
    }
  }
}
