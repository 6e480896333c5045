package io.firn.crash;

import io.firn.store.FileHandle;
import io.firn.store.ForwardingIo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files whose checksums always hold, however damaged they are: all is read and mapped from an
 * undamaged copy, until the damage is let in. So an engine behaves that checks nothing.
 */
public final class CredulousIo extends ForwardingIo {

  private final Path damaged;
  private final Path undamaged;
  private final Map<Path, MemorySegment> mapped = new LinkedHashMap<>();

  public CredulousIo(Path damaged, Path undamaged) {
    this.damaged = damaged;
    this.undamaged = undamaged;
  }

  @Override
  public FileHandle open(Path file) throws IOException {
    FileHandle believed = super.open(undamaged.resolve(damaged.relativize(file)));
    return new ForwardingFile(believed) {
      @Override
      public MemorySegment map(long bytes, Arena arena) throws IOException {
        MemorySegment memory = arena.allocate(bytes, 4_096);
        ByteBuffer content = ByteBuffer.allocate((int) bytes);
        believed.read(content, 0);
        memory.copyFrom(MemorySegment.ofBuffer(content.flip()));
        mapped.put(file, memory);
        return memory;
      }
    };
  }

  /** From now on mapped memory is what is on the disk. */
  public void letDamageIn() throws IOException {
    mapped.values().removeIf(memory -> !memory.scope().isAlive());
    for (Map.Entry<Path, MemorySegment> each : mapped.entrySet()) {
      byte[] bytes = Files.readAllBytes(each.getKey());
      long count = Math.min(bytes.length, each.getValue().byteSize());
      each.getValue().asSlice(0, count).copyFrom(MemorySegment.ofArray(bytes).asSlice(0, count));
    }
  }
}
