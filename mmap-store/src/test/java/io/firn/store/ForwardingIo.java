package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Other files as they are, or the system's; subclasses change what they are about. */
public class ForwardingIo implements Io {

  private final Io real;

  public ForwardingIo() {
    this(Io.system());
  }

  public ForwardingIo(Io real) {
    this.real = real;
  }

  @Override
  public FileHandle create(Path file) throws IOException {
    return real.create(file);
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    return real.open(file);
  }

  @Override
  public @Nullable Closeable tryLock(Path file, ByteBuffer holder) throws IOException {
    return real.tryLock(file, holder);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    real.link(file, name);
  }

  @Override
  public void delete(Path file) throws IOException {
    real.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    real.forceDirectory(directory);
  }

  @Override
  public void commit(Path file, Commit commit) throws IOException {
    real.commit(file, commit);
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

  /** An open file as it is. */
  public static class ForwardingFile implements FileHandle {

    private final FileHandle real;

    public ForwardingFile(FileHandle real) {
      this.real = real;
    }

    @Override
    public Path path() {
      return real.path();
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public void preallocate(long bytes) throws IOException {
      real.preallocate(bytes);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      real.write(source, position);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      real.read(target, position);
    }

    @Override
    public void force() throws IOException {
      real.force();
    }

    @Override
    public MemorySegment map(long bytes, Arena arena) throws IOException {
      return real.map(bytes, arena);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
