package io.firn.recovery;

import io.firn.CollectionSpec;
import io.firn.FirnException;
import io.firn.search.RowLayout;
import io.firn.search.VectorFile;
import io.firn.store.DatabaseDirectory;
import io.firn.store.LmdbRemains;
import io.firn.write.Table;
import io.firn.write.VectorBytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The vectors in the segment files of a damaged database, as far as their checksums hold. */
final class RemainingVectors {

  private record Held(VectorFile file, RowLayout layout) {}

  private final Map<Integer, List<Held>> files = new HashMap<>();

  /**
   * Maps the files that the manifest names.
   *
   * @param specs of collections by number
   */
  RemainingVectors(
      DatabaseDirectory directory,
      LmdbRemains remains,
      Map<Integer, CollectionSpec> specs,
      Arena arena,
      Consumer<String> lost)
      throws IOException {
    remains.read(
        Table.SEGMENTS.storedName(),
        (key, _) -> {
          ByteBuffer in = ByteBuffer.wrap(key);
          int collection = in.getInt();
          CollectionSpec spec = specs.get(collection);
          if (spec != null) {
            open(directory, collection, in.getLong(), spec, arena, lost);
          }
        },
        lost);
  }

  private void open(
      DatabaseDirectory directory,
      int collection,
      long segmentId,
      CollectionSpec spec,
      Arena arena,
      Consumer<String> lost) {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    try {
      VectorFile file = VectorFile.open(directory, segmentId, layout, arena);
      files.computeIfAbsent(collection, _ -> new ArrayList<>()).add(new Held(file, layout));
    } catch (IOException e) {
      lost.accept("vectors of segment %d: %s".formatted(segmentId, e.getMessage()));
    }
  }

  /**
   * The vector of a row as little-endian floats, or null if no file holds it.
   *
   * @throws FirnException.Corrupt if its block is damaged
   */
  byte @Nullable [] find(int collection, int rowNumber) {
    for (Held held : files.getOrDefault(collection, List.of())) {
      int ordinal = held.file().ordinalOf(rowNumber);
      if (ordinal >= 0) {
        return VectorBytes.encode(held.layout().read(held.file(), ordinal));
      }
    }
    return null;
  }
}
