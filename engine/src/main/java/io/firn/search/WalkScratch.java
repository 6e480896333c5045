package io.firn.search;

import io.firn.hnsw.GraphSearcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What walks through graphs keep from search to search. For one thread. */
final class WalkScratch {

  private final GraphSearcher graphs = new GraphSearcher();
  private @Nullable RecordQuery records;
  private final List<CompactRecords> pinned = new ArrayList<>();
  private int[] ordinals = new int[0];
  private float[] distances = new float[0];
  private double calm;

  GraphSearcher graphs() {
    return graphs;
  }

  /** Scratch for the records of a file, made anew only when their shape changes. */
  RecordQuery records(NodeRecordFile file) {
    RecordQuery kept = records;
    if (kept == null || !kept.fits(file)) {
      kept = new RecordQuery(file);
      records = kept;
    }
    return kept;
  }

  /** The compact form of a segment, kept until {@link #unpin}; null if it has none. */
  @Nullable CompactRecords pin(Temperature temperature) {
    CompactRecords compact = temperature.compact();
    if (compact == null || pinned.contains(compact)) {
      return compact;
    }
    if (!compact.tryPin()) {
      return null; // it went this moment
    }
    pinned.add(compact);
    return compact;
  }

  /** Lets go of all that the search pinned. Once at its end, however it ends. */
  void unpin() {
    if (!pinned.isEmpty()) {
      pinned.forEach(CompactRecords::unpin);
      pinned.clear();
    }
  }

  /** Records that the last walk over records expanded. */
  int hops() {
    return records == null ? 0 : records.hops();
  }

  /** How many times as long the last walk took as it needed to come by what it found. */
  double calm() {
    return calm;
  }

  void calm(double calm) {
    this.calm = calm;
  }

  /** An array of just this length: it says how many results are wanted. */
  int[] ordinals(int length) {
    if (ordinals.length != length) {
      ordinals = new int[length];
      distances = new float[length];
    }
    return ordinals;
  }

  /** As long as the array last returned by {@link #ordinals}. */
  float[] distances() {
    return distances;
  }
}
