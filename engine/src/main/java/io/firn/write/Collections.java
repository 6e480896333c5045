package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.FirnException;
import io.firn.search.CollectionView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The collections of a database by name and number. Found from any thread, added by the writer. */
public final class Collections {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-][A-Za-z0-9_-]{0,63}");

  private final Map<String, CollectionState> byName = new ConcurrentSkipListMap<>();
  private final List<CollectionState> byNumber = new ArrayList<>(); // writer thread only

  /**
   * Refuses names that could be mistaken for a path, or that Firn keeps for itself.
   *
   * @throws FirnException.InvalidInput if {@code name} is one of them
   */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new FirnException.InvalidInput(
          "collection name must be 1..64 of A-Z a-z 0-9 _ - and not begin with _ but is \"%s\": other characters invite mistakes in paths and commands, and _ is reserved. Choose another name."
              .formatted(name.length() > 80 ? name.substring(0, 80) + "…" : name));
    }
  }

  /** Refuses a spec that is not the stored one, naming what differs. */
  static void requireSame(CollectionState existing, CollectionSpec asked) {
    CollectionSpec stored = existing.spec();
    if (!stored.equals(asked)) {
      throw new FirnException.Conflict(
          "collection \"%s\" must be opened with its own spec %s but was asked for with %s: its rows and index were made for the first. Use that spec, or another name."
              .formatted(existing.name(), stored, asked));
    }
  }

  static byte[] key(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  public @Nullable CollectionState find(String name) {
    return byName.get(name);
  }

  /** Names in alphabetical order. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** All collections; any thread may call it and sees those whose creation it could know of. */
  public List<CollectionState> all() {
    return List.copyOf(byName.values());
  }

  /** The collection of a number. For the writer thread, and for recovery before it starts. */
  public CollectionState get(int number) {
    return byNumber.get(number);
  }

  /** How many there are. Writer thread only. */
  int count() {
    return byNumber.size();
  }

  /** Adds a committed collection; numbers must come without gaps. */
  public void put(CollectionState collection) {
    if (collection.number() != byNumber.size()) {
      throw new IllegalStateException("collection number " + collection.number());
    }
    byNumber.add(collection);
    byName.put(collection.name(), collection);
  }

  /** Views of all collections at one sequence number, by collection number. */
  public List<@Nullable CollectionView> views(long sequence) {
    var views = new ArrayList<@Nullable CollectionView>(byNumber.size());
    byNumber.forEach(collection -> views.add(collection.view(sequence)));
    return views;
  }
}
