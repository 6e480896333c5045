package io.firn.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What a careless engine or disk would have done instead: each loses or mixes up data. */
public enum Mutation {
  SEGMENT_FILES_ARE_NOT_FORCED,
  FORMAT_IS_NOT_FORCED,
  COMMITS_ARE_NOT_FORCED,
  META_PAGE_IS_WRITTEN_BEFORE_THE_OTHERS_ARE_FORCED,
  COMMIT_COMES_BEFORE_THE_SEGMENT_FILES,
  SEGMENT_DIRECTORY_IS_NOT_FORCED,
  DIRECTORIES_OF_A_NEW_DATABASE_ARE_NOT_FORCED,
  OLD_SEGMENTS_GO_BEFORE_THE_COMMIT,
  PAGES_ARE_USED_AGAIN_TWO_COMMITS_EARLY;

  private static final String DATA = "data.mdb";

  /** The events as they would have been. */
  public List<DiskEvent> of(List<DiskEvent> events) {
    return switch (this) {
      case SEGMENT_FILES_ARE_NOT_FORCED ->
          without(events, event -> event instanceof DiskEvent.Forced(var file) && segment(file));
      case FORMAT_IS_NOT_FORCED ->
          without(
              events,
              event -> event instanceof DiskEvent.Forced(var file) && named(file, "FORMAT"));
      case COMMITS_ARE_NOT_FORCED ->
          without(
              events, event -> event instanceof DiskEvent.Forced(var file) && named(file, DATA));
      case META_PAGE_IS_WRITTEN_BEFORE_THE_OTHERS_ARE_FORCED -> metaPagesFirst(events);
      case COMMIT_COMES_BEFORE_THE_SEGMENT_FILES -> segmentsLast(events);
      case SEGMENT_DIRECTORY_IS_NOT_FORCED ->
          without(
              events,
              event -> event instanceof DiskEvent.DirectoryForced(var path) && named(path, "seg"));
      case DIRECTORIES_OF_A_NEW_DATABASE_ARE_NOT_FORCED ->
          without(
              events,
              event -> event instanceof DiskEvent.DirectoryForced(var path) && !named(path, "seg"));
      case OLD_SEGMENTS_GO_BEFORE_THE_COMMIT -> deletedEarly(events);
      case PAGES_ARE_USED_AGAIN_TWO_COMMITS_EARLY -> pagesEarly(events);
    };
  }

  private static boolean named(Path path, String name) {
    return path.endsWith(name);
  }

  private static boolean segment(Path path) {
    Path parent = path.getParent();
    return parent != null && parent.endsWith("seg");
  }

  private static List<DiskEvent> without(List<DiskEvent> events, Predicate<DiskEvent> which) {
    return events.stream().filter(which.negate()).toList();
  }

  /** Drops the force between a commit's pages and its meta page, and has that page come first. */
  private static List<DiskEvent> metaPagesFirst(List<DiskEvent> events) {
    List<DiskEvent> mutated = new ArrayList<>();
    int commitAt = -1;
    int forces = 0;
    for (DiskEvent event : events) {
      if (event instanceof DiskEvent.Written(var file, var position, _) && named(file, DATA)) {
        commitAt = commitAt < 0 ? mutated.size() : commitAt;
        mutated.add(position < 2 * SimulatedDisk.PAGE_BYTES ? commitAt : mutated.size(), event);
      } else if (event instanceof DiskEvent.Forced(var file) && named(file, DATA)) {
        forces++;
        if (forces % 2 == 0) {
          mutated.add(event);
          commitAt = -1;
        }
      } else {
        mutated.add(event);
      }
    }
    return mutated;
  }

  /** Has forces and renames of segment files wait until the commit that names the files is over. */
  private static List<DiskEvent> segmentsLast(List<DiskEvent> events) {
    List<DiskEvent> mutated = new ArrayList<>();
    List<DiskEvent> waiting = new ArrayList<>();
    int forces = 0;
    for (DiskEvent event : events) {
      boolean waits =
          switch (event) {
            case DiskEvent.Forced(var file) -> segment(file);
            case DiskEvent.Renamed(var from, var to) -> segment(from) && segment(to);
            case DiskEvent.DirectoryForced(var path) -> named(path, "seg");
            default -> false;
          };
      (waits ? waiting : mutated).add(event);
      if (event instanceof DiskEvent.Forced(var file) && named(file, DATA) && ++forces % 2 == 0) {
        mutated.addAll(waiting);
        waiting.clear();
      }
    }
    return mutated;
  }

  /**
   * Has files go before the commit that makes them superfluous: their place is used again early.
   */
  private static List<DiskEvent> deletedEarly(List<DiskEvent> events) {
    List<DiskEvent> mutated = new ArrayList<>();
    int commitAt = 0;
    boolean inCommit = false;
    int forces = 0;
    for (DiskEvent event : events) {
      if (event instanceof DiskEvent.Written(var file, _, _) && named(file, DATA) && !inCommit) {
        commitAt = mutated.size();
        inCommit = true;
      } else if (event instanceof DiskEvent.Forced(var file) && named(file, DATA)) {
        inCommit = ++forces % 2 == 1;
      }
      boolean early = event instanceof DiskEvent.Deleted(var file) && segment(file);
      mutated.add(early ? commitAt : mutated.size(), event);
    }
    return mutated;
  }

  /** A commit of LMDB's, by the numbers of its events: the first, and which one writes a page. */
  private record Commit(Path file, int first, Map<Long, Integer> pages) {}

  private static List<Commit> commits(List<DiskEvent> events) {
    List<Commit> commits = new ArrayList<>();
    int forces = 0;
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i) instanceof DiskEvent.Written(var file, var at, _) && named(file, DATA)) {
        if (commits.size() == forces / 2) {
          commits.add(new Commit(file, i, new HashMap<>()));
        }
        commits.getLast().pages().put(at, i);
      } else if (events.get(i) instanceof DiskEvent.Forced(var file) && named(file, DATA)) {
        forces++;
      }
    }
    return commits;
  }

  /**
   * Has a commit's pages written before the two commits ahead of it, which do not write them: while
   * what is durable may still need what they held.
   */
  private static List<DiskEvent> pagesEarly(List<DiskEvent> events) {
    List<Commit> commits = commits(events);
    Map<Integer, List<DiskEvent>> early = new HashMap<>(); // by the event that they come before
    Set<Integer> moved = new HashSet<>();
    for (int n = 2; n < commits.size(); n++) {
      Commit before = commits.get(n - 1);
      Commit first = commits.get(n - 2);
      commits
          .get(n)
          .pages()
          .forEach((at, i) -> {
            boolean theirs = first.pages().containsKey(at) || before.pages().containsKey(at);
            if (!theirs && first.file().equals(((DiskEvent.Written) events.get(i)).path())) {
              early.computeIfAbsent(first.first(), _ -> new ArrayList<>()).add(events.get(i));
              moved.add(i);
            }
          });
    }
    List<DiskEvent> mutated = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      mutated.addAll(early.getOrDefault(i, List.of()));
      if (!moved.contains(i)) {
        mutated.add(events.get(i));
      }
    }
    return mutated;
  }
}
