package io.firn.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file or directory: what of it is durable, and what has happened since. */
public sealed interface DiskNode {

  /** Something that a power cut may keep or lose by itself. */
  sealed interface Piece {}

  /** Content of a file, of one page or less. */
  record Data(FileNode file, long position, byte[] bytes) implements Piece {}

  /** A file's length. */
  record Size(FileNode file, long bytes) implements Piece {}

  /** Entries of a directory: one removed, one added, or both at once. */
  record Names(
      DirectoryNode directory,
      @Nullable String removed,
      @Nullable String added,
      @Nullable DiskNode node)
      implements Piece {}

  /** Pieces not yet durable, oldest first. */
  List<Piece> pending();

  /** A file. */
  final class FileNode implements DiskNode {

    private final List<Piece> pending = new ArrayList<>();
    private byte[] durable = {};
    private long size;

    /** Adds a write in pieces that do not cross a multiple of {@code pieceBytes}. */
    void write(long position, byte[] bytes, int pieceBytes) {
      resize(position + bytes.length);
      for (int at = 0; at < bytes.length; ) {
        long end = ((position + at) / pieceBytes + 1) * pieceBytes;
        int count = (int) Math.min(bytes.length - at, end - position - at);
        pending.add(new Data(this, position + at, Arrays.copyOfRange(bytes, at, at + count)));
        at += count;
      }
    }

    void resize(long bytes) {
      if (bytes > size) {
        size = bytes;
        pending.add(new Size(this, bytes));
      }
    }

    void force() {
      durable = content(pending);
      pending.clear();
    }

    /** The bytes if of the pending pieces only {@code kept} reach the disk. */
    byte[] content(Iterable<Piece> kept) {
      long length = durable.length;
      for (Piece piece : kept) {
        length = piece instanceof Size(var file, var bytes) && file == this ? bytes : length;
      }
      byte[] content = Arrays.copyOf(durable, Math.toIntExact(length));
      for (Piece piece : kept) {
        if (piece instanceof Data(var file, var position, var bytes) && file == this) {
          int count = (int) Math.min(bytes.length, length - position);
          System.arraycopy(bytes, 0, content, (int) Math.min(position, length), Math.max(0, count));
        }
      }
      return content;
    }

    @Override
    public List<Piece> pending() {
      return pending;
    }
  }

  /** A directory. */
  final class DirectoryNode implements DiskNode {

    private final List<Piece> pending = new ArrayList<>();
    private final Map<String, DiskNode> durable = new TreeMap<>();
    private final Map<String, DiskNode> current = new TreeMap<>();

    @Nullable DiskNode child(String name) {
      return current.get(name);
    }

    void change(@Nullable String removed, @Nullable String added, @Nullable DiskNode node) {
      var names = new Names(this, removed, added, node);
      pending.add(names);
      apply(names, current);
    }

    private static void apply(Names names, Map<String, DiskNode> entries) {
      if (names.removed() != null) {
        entries.remove(names.removed());
      }
      if (names.added() != null && names.node() != null) {
        entries.put(names.added(), names.node());
      }
    }

    void force() {
      durable.clear();
      durable.putAll(current);
      pending.clear();
    }

    /** The entries if of the pending pieces only {@code kept} reach the disk. */
    Map<String, DiskNode> entries(Iterable<Piece> kept) {
      Map<String, DiskNode> entries = new TreeMap<>(durable);
      for (Piece piece : kept) {
        if (piece instanceof Names names && names.directory() == this) {
          apply(names, entries);
        }
      }
      return entries;
    }

    @Override
    public List<Piece> pending() {
      return pending;
    }
  }
}
