package io.firn.store;

/**
 * A segment file that a commit refers to.
 *
 * @param derived whether it is made again from other files if it is missing
 */
public record SegmentName(String kind, long segmentId, boolean derived) {}
