package io.firn.search;

/**
 * A segment as one snapshot sees it.
 *
 * @param rowCount rows a reader may touch; later ones belong to later snapshots
 */
public record SegmentView(Segment segment, int rowCount) {}
