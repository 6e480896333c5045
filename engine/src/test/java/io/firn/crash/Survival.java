package io.firn.crash;

import io.firn.crash.DiskNode.Data;
import io.firn.crash.DiskNode.Names;
import io.firn.crash.DiskNode.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Which of the unforced pieces a power cut spares: one representative of every kind of luck. */
public final class Survival {

  private Survival() {}

  /**
   * Subsets of {@code pending}, each in its order: none, all, only or all but one kind, the older
   * and the newer half, every other one, single ones and all but single ones, and random ones.
   *
   * @param singles how many single pieces to choose at most, spread over all
   */
  public static List<List<Piece>> subsets(
      List<Piece> pending, int singles, int randoms, Random random) {
    List<List<Piece>> subsets = new ArrayList<>();
    subsets.add(List.of());
    if (pending.isEmpty()) {
      return subsets;
    }
    int size = pending.size();
    subsets.add(pending);
    for (Predicate<Piece> kind : kinds()) {
      subsets.add(pending.stream().filter(kind).toList());
      subsets.add(pending.stream().filter(kind.negate()).toList());
    }
    subsets.add(pending.subList(0, size / 2));
    subsets.add(pending.subList(size / 2, size));
    subsets.add(everyOther(pending, 0));
    subsets.add(everyOther(pending, 1));
    for (int i = 0; i < Math.min(singles, size); i++) {
      int at = size <= singles ? i : random.nextInt(size);
      subsets.add(List.of(pending.get(at)));
      List<Piece> others = new ArrayList<>(pending);
      others.remove(at);
      subsets.add(others);
    }
    for (int i = 0; i < randoms; i++) {
      subsets.add(pending.stream().filter(_ -> random.nextBoolean()).toList());
    }
    return subsets;
  }

  private static List<Predicate<Piece>> kinds() {
    return List.of(Data.class::isInstance, Names.class::isInstance);
  }

  private static List<Piece> everyOther(List<Piece> pending, int first) {
    List<Piece> chosen = new ArrayList<>();
    for (int i = first; i < pending.size(); i += 2) {
      chosen.add(pending.get(i));
    }
    return chosen;
  }
}
