package io.firn.tier;

import io.firn.Tier;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which segment is brought where, one at a time, so that searches wait least within a
 * budget of memory: all files in memory if the files of all that are searched fit; else compact
 * forms, first of those with the most searches for each byte. Stateless but for its numbers.
 *
 * @param budgetBytes of all compact forms, and of the files that are read ahead
 */
record Placement(long budgetBytes, TierRules rules) {

  /** What is to be done. */
  record Step(Placed segment, Tier to, String why) {}

  /** The next step, or null if all is well as it is. */
  @Nullable Step next(List<Placed> all) {
    Step idle = giveUpIdle(all);
    Step step = idle != null ? idle : giveUpForRoom(all);
    return step != null ? step : bringNearer(all);
  }

  private @Nullable Step giveUpForRoom(List<Placed> all) {
    long bytes = warm(all).mapToLong(Placed::compactBytes).sum();
    return bytes <= budgetBytes
        ? null
        : warm(all)
            .min(Comparator.comparingDouble(Placed::density))
            .map(segment ->
                new Step(
                    segment,
                    Tier.COLD,
                    "%,d bytes of compact forms are more than the %,d that are left beside the heap"
                        .formatted(bytes, budgetBytes)))
            .orElse(null);
  }

  private @Nullable Step giveUpIdle(List<Placed> all) {
    return all.stream()
        .filter(segment -> segment.tier() == Tier.WARM && segment.idleNanos() > rules.idleNanos())
        .findFirst()
        .map(segment ->
            new Step(
                segment,
                Tier.COLD,
                "nobody searched it for %d s".formatted(segment.idleNanos() / 1_000_000_000)))
        .orElse(null);
  }

  private @Nullable Step bringNearer(List<Placed> all) {
    long searchedBytes = searched(all).mapToLong(Placed::hotBytes).sum();
    long freeBytes = budgetBytes - warm(all).mapToLong(Placed::compactBytes).sum();
    return searched(all)
        .filter(this::isWaiting)
        .sorted(Comparator.comparingDouble(Placed::density).reversed())
        .map(segment -> bringNearer(segment, all, searchedBytes, freeBytes))
        .filter(step -> step != null)
        .findFirst()
        .orElse(null);
  }

  private Stream<Placed> searched(List<Placed> all) {
    return all.stream().filter(segment -> segment.idleNanos() <= rules.idleNanos());
  }

  private static Stream<Placed> warm(List<Placed> all) {
    return all.stream().filter(segment -> segment.tier() == Tier.WARM);
  }

  private boolean isWaiting(Placed segment) {
    return (segment.isWaiting() || segment.tier() == Tier.WARM)
        && !segment.isFailedWithin(rules.residencyNanos())
        && !segment.isGivenUpWithin(rules.residencyNanos());
  }

  private @Nullable Step bringNearer(
      Placed segment, List<Placed> all, long searchedBytes, long freeBytes) {
    boolean fits = searchedBytes <= budgetBytes;
    if (fits && segment.isReadDue()) {
      return new Step(
          segment,
          Tier.HOT,
          "%s; the %,d bytes of all that is searched fit into a budget of %,d"
              .formatted(segment.words(), searchedBytes, budgetBytes));
    }
    if (segment.tier() == Tier.WARM) {
      return null; // its vectors are on the disk, and that is all
    }
    if (fits && segment.rereads().isSoon()) {
      return null;
    }
    if (segment.missingShare() < rules.worthShare()) {
      return null; // a wait now and then is less than what walking the form would cost
    }
    if (segment.compactBytes() <= freeBytes) {
      return new Step(
          segment,
          Tier.WARM,
          "%s; %,d bytes of %,d are free".formatted(segment.words(), freeBytes, budgetBytes));
    }
    return makeRoom(segment, all, freeBytes);
  }

  /** The warm segment that has the fewest searches for its bytes goes, if they are far fewer. */
  private @Nullable Step makeRoom(Placed segment, List<Placed> all, long freeBytes) {
    List<Placed> worse =
        warm(all)
            .filter(other -> !other.isMovedWithin(rules.residencyNanos()))
            .filter(other -> segment.density() > rules.advantage() * other.density())
            .sorted(Comparator.comparingDouble(Placed::density))
            .toList();
    long bytes = freeBytes + worse.stream().mapToLong(Placed::compactBytes).sum();
    if (bytes < segment.compactBytes()) {
      return null;
    }
    Placed least = worse.getFirst();
    return new Step(
        least,
        Tier.COLD,
        "%s, and another needs its memory more: %s".formatted(least.words(), segment.words()));
  }
}
