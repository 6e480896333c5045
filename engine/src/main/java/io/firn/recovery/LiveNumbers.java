package io.firn.recovery;

import io.firn.store.LmdbRemains;
import io.firn.write.Table;
import io.firn.write.Tombstones;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which rows of a damaged database were alive. What an id leads to is; where ids are lost, so is
 * every row of which no table says that it is dead.
 */
final class LiveNumbers {

  private final Map<Integer, RoaringBitmap> named = new HashMap<>();
  private final Map<Integer, RoaringBitmap> dead = new HashMap<>();
  private boolean idsLost;

  LiveNumbers(LmdbRemains remains, Consumer<String> lost) throws IOException {
    remains.read(
        Table.IDS.storedName(),
        (key, value) -> add(named, ByteBuffer.wrap(key).getInt(), ByteBuffer.wrap(value).getInt()),
        what -> {
          idsLost = true;
          lost.accept(what);
        });
    remains.read(
        Table.DEAD.storedName(),
        (key, _) -> {
          ByteBuffer in = ByteBuffer.wrap(key).position(Long.BYTES);
          add(dead, in.getInt(), in.getInt());
        },
        lost);
    remains.read(
        Table.TOMBSTONES.storedName(),
        (key, value) ->
            dead.computeIfAbsent(ByteBuffer.wrap(key).getInt(), _ -> new RoaringBitmap())
                .or(Tombstones.decode(value)),
        lost);
  }

  private static void add(Map<Integer, RoaringBitmap> to, int collection, int rowNumber) {
    to.computeIfAbsent(collection, _ -> new RoaringBitmap()).add(rowNumber);
  }

  boolean contains(int collection, int rowNumber) {
    return has(named, collection, rowNumber) || (idsLost && !has(dead, collection, rowNumber));
  }

  private static boolean has(Map<Integer, RoaringBitmap> in, int collection, int rowNumber) {
    RoaringBitmap rows = in.get(collection);
    return rows != null && rows.contains(rowNumber);
  }
}
