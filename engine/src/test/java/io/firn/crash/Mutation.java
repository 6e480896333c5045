package io.firn.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  OLD_SEGMENTS_GO_BEFORE_THE_COMMIT;

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
}
