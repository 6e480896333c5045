package io.firn.crash;

import io.firn.store.FileHandle;
import io.firn.store.Io;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The system's files, of which only LMDB's are ever forced. */
public final class CarelessIo implements Io {

  private final Io real = Io.system();

  @Override
  public FileHandle create(Path file) throws IOException {
    return new CarelessFile(real.create(file));
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
  public void delete(Path file) throws IOException {
    real.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
  }

  @Override
  public void forceDirectory(Path directory) {}

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

  private record CarelessFile(FileHandle file) implements FileHandle {

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void preallocate(long bytes) {}

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      file.write(source, position);
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      file.read(target, position);
    }

    @Override
    public void force() {}

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
