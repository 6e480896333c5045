package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files whose calls are listed and fail at the n-th, once or from then on. Safe for any thread. */
public final class FaultyIo implements Io {

  /** What a failing call throws. */
  public static final class Fault extends IOException {
    Fault(int call, String what) {
      super("injected fault of call %d: %s".formatted(call, what));
    }
  }

  private final Io real;
  private int firstFailing;
  private boolean forever;
  private final List<String> calls = new ArrayList<>();

  FaultyIo(int firstFailing, boolean forever) {
    this(Io.system());
    this.firstFailing = firstFailing;
    this.forever = forever;
  }

  /** Nothing fails until {@link #failAt}. */
  public FaultyIo(Io real) {
    this.real = real;
  }

  /**
   * Has calls fail.
   *
   * @param call the call from now on to fail, from 1
   * @param forever whether all calls after it fail too
   */
  public void failAt(int call, boolean forever) {
    synchronized (calls) {
      calls.clear();
      this.firstFailing = call;
      this.forever = forever;
    }
  }

  /** From now on nothing fails. */
  public void heal() {
    synchronized (calls) {
      firstFailing = 0;
    }
  }

  /** Number of calls so far, or since {@link #failAt}; those that failed too. */
  public int calls() {
    synchronized (calls) {
      return calls.size();
    }
  }

  /** Calls so far as operation and file name, without repetitions in a row. */
  public List<String> order() {
    List<String> order = new ArrayList<>();
    for (String call : List.copyOf(calls)) {
      if (order.isEmpty() || !order.getLast().equals(call)) {
        order.add(call);
      }
    }
    return order;
  }

  private void step(String operation, Path file) throws IOException {
    synchronized (calls) {
      calls.add(operation + " " + file.getFileName());
      int n = calls.size();
      if (firstFailing > 0 && (forever ? n >= firstFailing : n == firstFailing)) {
        throw new Fault(n, calls.getLast());
      }
    }
  }

  @Override
  public FileHandle create(Path file) throws IOException {
    step("create", file);
    return new FaultyFile(real.create(file));
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    step("open", file);
    return new FaultyFile(real.open(file));
  }

  @Override
  public @Nullable Closeable tryLock(Path file, ByteBuffer holder) throws IOException {
    step("tryLock", file);
    return real.tryLock(file, holder);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step("rename", to);
    real.rename(from, to);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    step("link", name);
    real.link(file, name);
  }

  @Override
  public void delete(Path file) throws IOException {
    step("delete", file);
    real.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    step("createDirectory", directory);
    real.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    step("forceDirectory", directory);
    real.forceDirectory(directory);
  }

  /** Fails before the commit, or after it has reached the disk. */
  @Override
  public void commit(Path file, Commit commit) throws IOException {
    step("commit", file);
    real.commit(file, commit);
    step("committed", file);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    step("list", directory);
    return real.list(directory);
  }

  @Override
  public boolean exists(Path path) {
    return real.exists(path);
  }

  @Override
  public long size(Path file) throws IOException {
    step("size", file);
    return real.size(file);
  }

  private final class FaultyFile implements FileHandle {

    private final FileHandle file;

    FaultyFile(FileHandle file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long size() throws IOException {
      step("size", path());
      return file.size();
    }

    @Override
    public void preallocate(long bytes) throws IOException {
      step("preallocate", path());
      file.preallocate(bytes);
    }

    /** Half of a failing write reaches the file, as it may on a full disk. */
    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      try {
        step("write", path());
      } catch (Fault e) {
        file.write(source.duplicate().limit(source.position() + source.remaining() / 2), position);
        throw e;
      }
      file.write(source, position);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      step("read", path());
      file.read(target, position);
    }

    @Override
    public void force() throws IOException {
      step("force", path());
      file.force();
    }

    @Override
    public MemorySegment map(long bytes, Arena arena) throws IOException {
      step("map", path());
      return file.map(bytes, arena);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
