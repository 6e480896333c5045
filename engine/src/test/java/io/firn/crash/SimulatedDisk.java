package io.firn.crash;

import io.firn.crash.DiskNode.DirectoryNode;
import io.firn.crash.DiskNode.FileNode;
import io.firn.crash.DiskNode.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk that events happen to. It assumes of real ones: a force makes durable what it says, a
 * piece arrives whole or not, and renaming inside a directory is atomic. Nothing else: what was not
 * forced arrives in any order or never, length, content and name each by itself.
 */
public final class SimulatedDisk {

  /** Pieces that arrive whole: pages of the page cache, or sectors. */
  public static final int PAGE_BYTES = 4_096;

  public static final int SECTOR_BYTES = 512;

  private final Path root;
  private final int pieceBytes;
  private final DirectoryNode rootNode = new DirectoryNode();
  private final Set<DiskNode> nodes = new LinkedHashSet<>();

  public SimulatedDisk(Path root, int pieceBytes) {
    this.root = root;
    this.pieceBytes = pieceBytes;
    nodes.add(rootNode);
  }

  /** A disk on which an image is durable. */
  public static SimulatedDisk of(DiskImage image, Path root) {
    var disk = new SimulatedDisk(root, PAGE_BYTES);
    for (Path path : image.directories()) {
      disk.apply(new DiskEvent.Created(root.resolve(path), true));
    }
    image
        .files()
        .forEach((path, bytes) -> {
          disk.apply(new DiskEvent.Created(root.resolve(path), false));
          disk.apply(new DiskEvent.Written(root.resolve(path), 0, bytes));
          disk.apply(new DiskEvent.Forced(root.resolve(path)));
        });
    image
        .directories()
        .forEach(path -> disk.apply(new DiskEvent.DirectoryForced(root.resolve(path))));
    disk.rootNode.force();
    return disk;
  }

  /** Applies one event. */
  public void apply(DiskEvent event) {
    switch (event) {
      case DiskEvent.Created(var path, var directory) -> {
        DiskNode node = directory ? new DirectoryNode() : new FileNode();
        nodes.add(node);
        parent(path).change(null, name(path), node);
      }
      case DiskEvent.Reserved(var path, var bytes) -> file(path).resize(bytes);
      case DiskEvent.Written(var path, var position, var bytes) ->
          file(path).write(position, bytes, pieceBytes);
      case DiskEvent.Forced(var path) -> file(path).force();
      case DiskEvent.DirectoryForced(var path) -> directory(path).force();
      case DiskEvent.Renamed(var from, var to) -> rename(from, to);
      case DiskEvent.Linked(var file, var name) ->
          parent(name).change(null, name(name), find(file));
      case DiskEvent.Deleted(var path) -> parent(path).change(name(path), null, null);
      case DiskEvent.Began _, DiskEvent.Acknowledged _ -> {}
    }
  }

  private void rename(Path from, Path to) {
    DirectoryNode source = parent(from);
    DirectoryNode target = parent(to);
    DiskNode node = Objects.requireNonNull(source.child(name(from)), from::toString);
    if (source.equals(target)) {
      source.change(name(from), name(to), node);
    } else {
      target.change(null, name(to), node);
      source.change(name(from), null, null);
    }
  }

  /** What is not durable yet, oldest first for each file and directory. */
  public List<Piece> pending() {
    List<Piece> pending = new ArrayList<>();
    nodes.forEach(node -> pending.addAll(node.pending()));
    return pending;
  }

  /** What a power cut now leaves if of the pending pieces only these arrive. */
  public DiskImage image(List<Piece> kept) {
    Map<Path, byte[]> files = new TreeMap<>();
    Set<Path> directories = new LinkedHashSet<>();
    collect(Path.of(""), rootNode, kept, files, directories);
    return new DiskImage(directories, files);
  }

  private static void collect(
      Path at,
      DirectoryNode directory,
      List<Piece> kept,
      Map<Path, byte[]> files,
      Set<Path> directories) {
    directory
        .entries(kept)
        .forEach((name, node) -> {
          Path path = at.resolve(name);
          switch (node) {
            case FileNode file -> files.put(path, file.content(kept));
            case DirectoryNode child -> {
              directories.add(path);
              collect(path, child, kept, files, directories);
            }
          }
        });
  }

  private DiskNode find(Path path) {
    DiskNode node = rootNode;
    for (Path name : root.relativize(path)) {
      if (!name.toString().isEmpty()) {
        DirectoryNode directory = (DirectoryNode) node;
        node = Objects.requireNonNull(directory.child(name.toString()), path::toString);
      }
    }
    return node;
  }

  private FileNode file(Path path) {
    return (FileNode) find(path);
  }

  private DirectoryNode directory(Path path) {
    return (DirectoryNode) find(path);
  }

  private DirectoryNode parent(Path path) {
    return directory(Objects.requireNonNull(path.getParent()));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
