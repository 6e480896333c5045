package io.firn.crash;

import io.firn.store.FileHandle;
import io.firn.store.Io;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The system's files, with a log of everything that changes them. What LMDB writes is found by
 * comparing its file before and after a commit: first all other pages, forced, then the meta page,
 * as LMDB does it. Safe for any thread; calls happen one at a time.
 */
public final class RecordingIo implements Io {

  private static final int PAGE_BYTES = 4_096;
  private static final int META_PAGES = 2;

  private final Io real = Io.system();
  private final List<DiskEvent> events = new ArrayList<>();
  private final Map<Path, byte[]> committed = new HashMap<>();

  /** Everything that happened so far. */
  public synchronized List<DiskEvent> events() {
    return List.copyOf(events);
  }

  /** Adds what the file system cannot know. */
  public synchronized void note(DiskEvent event) {
    events.add(event);
  }

  @Override
  public synchronized FileHandle create(Path file) throws IOException {
    FileHandle handle = real.create(file);
    events.add(new DiskEvent.Created(file, false));
    return new RecordedFile(handle);
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    return new RecordedFile(real.open(file));
  }

  @Override
  public synchronized @Nullable Closeable tryLock(Path file, ByteBuffer holder) throws IOException {
    boolean created = !real.exists(file);
    Closeable lock = real.tryLock(file, holder.duplicate());
    if (created) {
      events.add(new DiskEvent.Created(file, false));
    }
    if (lock != null) {
      events.add(new DiskEvent.Written(file, 0, bytes(holder)));
    }
    return lock;
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
    events.add(new DiskEvent.Renamed(from, to));
    for (Path moved : List.copyOf(committed.keySet())) {
      if (moved.startsWith(from)) {
        byte[] bytes = committed.remove(moved);
        committed.put(to.resolve(from.relativize(moved)), bytes);
      }
    }
  }

  @Override
  public synchronized void link(Path file, Path name) throws IOException {
    real.link(file, name);
    events.add(new DiskEvent.Linked(file, name));
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    real.delete(file);
    events.add(new DiskEvent.Deleted(file));
    committed.remove(file);
  }

  @Override
  public synchronized void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
    events.add(new DiskEvent.Created(directory, true));
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    real.forceDirectory(directory);
    events.add(new DiskEvent.DirectoryForced(directory));
  }

  @Override
  public synchronized void commit(Path file, Commit commit) throws IOException {
    byte[] before = committed.get(file);
    if (before == null) {
      boolean there = real.exists(file);
      before = there ? Files.readAllBytes(file) : new byte[0];
      if (!there) {
        events.add(new DiskEvent.Created(file, false));
      }
    }
    commit.run();
    byte[] after = Files.readAllBytes(file);
    List<DiskEvent> metaPages = new ArrayList<>();
    for (int at = 0; at < after.length; at += PAGE_BYTES) {
      int end = Math.min(after.length, at + PAGE_BYTES);
      if (before.length < end || !Arrays.equals(before, at, end, after, at, end)) {
        byte[] page = Arrays.copyOfRange(after, at, end);
        (at < META_PAGES * PAGE_BYTES ? metaPages : events)
            .add(new DiskEvent.Written(file, at, page));
      }
    }
    events.add(new DiskEvent.Forced(file));
    events.addAll(metaPages);
    events.add(new DiskEvent.Forced(file));
    committed.put(file, after);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return real.list(directory);
  }

  @Override
  public boolean exists(Path path) {
    return real.exists(path);
  }

  @Override
  public long size(Path file) throws IOException {
    return real.size(file);
  }

  private static byte[] bytes(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.duplicate().get(bytes);
    return bytes;
  }

  private final class RecordedFile implements FileHandle {

    private final FileHandle file;

    RecordedFile(FileHandle file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void preallocate(long bytes) throws IOException {
      synchronized (RecordingIo.this) {
        file.preallocate(bytes);
        events.add(new DiskEvent.Reserved(path(), bytes));
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (RecordingIo.this) {
        byte[] bytes = bytes(source);
        file.write(source, position);
        events.add(new DiskEvent.Written(path(), position, bytes));
      }
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      file.read(target, position);
    }

    @Override
    public void force() throws IOException {
      synchronized (RecordingIo.this) {
        file.force();
        events.add(new DiskEvent.Forced(path()));
      }
    }

    @Override
    public MemorySegment map(long bytes, Arena arena) throws IOException {
      return file.map(bytes, arena);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
