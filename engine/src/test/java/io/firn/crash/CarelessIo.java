package io.firn.crash;

import io.firn.store.FileHandle;
import io.firn.store.ForwardingIo;
import java.io.IOException;
import java.nio.file.Path;

/** The system's files, of which only LMDB's are ever forced. */
public final class CarelessIo extends ForwardingIo {

  @Override
  public FileHandle create(Path file) throws IOException {
    return new ForwardingFile(super.create(file)) {
      @Override
      public void preallocate(long bytes) {}

      @Override
      public void force() {}
    };
  }

  @Override
  public void forceDirectory(Path directory) {}
}
