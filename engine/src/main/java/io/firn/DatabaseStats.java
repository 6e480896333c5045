package io.firn;

import java.util.List;
import java.util.Map;

/**
 * State of a database at one moment.
 *
 * @param collections stats by name, in alphabetical order
 * @param sequence number of the last commit
 * @param durability of writes that do not ask for another
 * @param kernel the distance kernels chosen for this machine, in words
 * @param laneBits width of a vector register that they use, 0 if scalar
 * @param lmdbBytes size of the LMDB file, 0 in memory
 * @param memoryBytes budget of memory, {@link Options#memoryBytes}
 * @param openSnapshots snapshots that readers hold, the current one included
 * @param writable false after a failed commit
 * @param tiers sums over segments by where they lie
 * @param moves of segments between tiers since the database was opened
 * @param lastMoves the last of them with their reasons, oldest first
 */
public record DatabaseStats(
    Map<String, CollectionStats> collections,
    long sequence,
    Durability durability,
    String kernel,
    int laneBits,
    long lmdbBytes,
    long memoryBytes,
    int openSnapshots,
    boolean writable,
    List<TierStats> tiers,
    long moves,
    List<TierMove> lastMoves) {}
