package io.firn.search;

import io.firn.Tier;
import io.firn.hnsw.NodeLinks;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * Rows of one collection with a graph over them. An ordinal is a row's dense place in its segment;
 * its row number is its name in the collection for all time.
 */
public sealed interface Segment permits FreshSegment, SealedSegment {

  /** Rows in the segment now; a {@link SegmentView} says how many of them a snapshot may see. */
  int size();

  int rowNumber(int ordinal);

  /** The ordinal of a row number, or -1 if the row is not here. */
  int ordinalOf(int rowNumber);

  Rows rows();

  /** The links between rows, for who follows them without a walk. */
  NodeLinks links();

  /** Rows that a walk can find; a search compares the others one by one. */
  int linked();

  /**
   * True if walking the graph with {@code ef} candidates visits clearly fewer rows than there are;
   * else the caller compares every row, which is exact.
   */
  boolean worthWalking(int ef);

  /**
   * Walks the graph for the nearest accepted rows.
   *
   * @param scratch of the searching thread
   * @param query padded
   * @param k rows that are wanted in the end
   * @param ef candidates; with fewer than {@code k} it may find fewer than {@code k}
   * @param ordinals receives the rows found; at least {@code ef} and {@code k} elements
   * @param distances receives the exact distances of those that may be among the {@code k} nearest,
   *     infinity for the others
   * @return how many; -1 if the graph turns out to be damaged: then every row must be compared
   */
  int walk(
      WalkScratch scratch,
      float[] query,
      int k,
      int ef,
      IntPredicate accept,
      int[] ordinals,
      float[] distances);

  /** Where the segment lies for the next search. */
  Tier tier();

  /** Bytes in memory that this process made for the segment. */
  long memoryBytes();

  /** Bytes of its files that are mapped. */
  long mappedBytes();

  /** Bytes of those that are in memory now, -1 where the platform cannot tell. */
  long residentBytes();

  /** Bytes of its files. */
  long diskBytes();

  /** Number of the segment's files, if it has any. */
  OptionalLong segmentId();

  /** Its successor is committed: {@link #release} deletes its files too. */
  void supersede();

  /** Frees what the segment owns. Called once, when no snapshot holds it any more. */
  void release();
}
