package io.firn.crash;

import io.firn.store.FileHandle;
import io.firn.store.ForwardingIo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Files whose checksums always hold, however damaged they are: what is read comes from an undamaged
 * copy, and only what is mapped is what is there. So an engine behaves that checks nothing.
 */
public final class CredulousIo extends ForwardingIo {

  private final Path damaged;
  private final Path undamaged;

  public CredulousIo(Path damaged, Path undamaged) {
    this.damaged = damaged;
    this.undamaged = undamaged;
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    FileHandle believed = super.open(undamaged.resolve(damaged.relativize(file)));
    return new ForwardingFile(super.open(file)) {
      @Override
      public void read(ByteBuffer target, long position) throws IOException {
        believed.read(target, position);
      }

      @Override
      public void close() throws IOException {
        believed.close();
        super.close();
      }
    };
  }
}
