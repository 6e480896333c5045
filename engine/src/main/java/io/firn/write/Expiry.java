package io.firn.write;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When a row is to be deleted, as the expiry table keeps it: i64 seconds since 1970 with the sign
 * bit flipped, so that the order is that of time, u32 nanoseconds, u32 collection, u32 row number.
 */
public record Expiry(Instant time, int collection, int rowNumber) {

  private static final int TIME_BYTES = 12;
  static final int MAX_AT_ONCE = 10_000;

  byte[] key() {
    return ByteBuffer.allocate(TIME_BYTES + 8)
        .put(timeKey(time))
        .putInt(collection)
        .putInt(rowNumber)
        .array();
  }

  private static byte[] timeKey(Instant time) {
    return ByteBuffer.allocate(TIME_BYTES)
        .putLong(time.getEpochSecond() ^ Long.MIN_VALUE)
        .putInt(time.getNano())
        .array();
  }

  /** Reads a key of the expiry table. */
  public static Expiry of(byte[] key) {
    ByteBuffer in = ByteBuffer.wrap(key);
    Instant time = Instant.ofEpochSecond(in.getLong() ^ Long.MIN_VALUE, in.getInt());
    return new Expiry(time, in.getInt(), in.getInt());
  }

  /** What is due before a time, oldest first, at most {@value #MAX_AT_ONCE}. */
  static List<Operation> due(TableStore tables, Instant now) {
    return tables.read(reader -> {
      var due = new ArrayList<Operation>();
      byte[] from = timeKey(Instant.MIN);
      reader.keys(
          Table.EXPIRY,
          from,
          timeKey(now),
          key -> {
            due.add(new Operation.Expire(of(key)));
            return due.size() < MAX_AT_ONCE;
          });
      return due;
    });
  }
}
