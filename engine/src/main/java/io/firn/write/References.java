package io.firn.write;

import io.firn.search.SealedSegment;
import io.firn.search.VectorFile;
import io.firn.store.DatabaseDirectory;
import io.firn.store.DirectoryCopy;
import io.firn.store.ReadTxn;
import io.firn.store.SegmentName;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Which segment files the tables refer to. */
public final class References {

  private References() {}

  /** A copy of a database, which takes the files that its tables refer to. */
  public static DirectoryCopy copy(DatabaseDirectory directory) {
    return new DirectoryCopy(directory, Table.storedNames(), References::of);
  }

  private static List<SegmentName> of(ReadTxn txn) throws IOException {
    var names = new ArrayList<SegmentName>();
    txn.scan(
        Table.SEGMENTS.storedName(),
        null,
        null,
        (key, _) -> {
          long id = ByteBuffer.wrap(key).getLong(Integer.BYTES);
          for (String kind : SealedSegment.KINDS) {
            names.add(new SegmentName(kind, id, !kind.equals(VectorFile.KIND)));
          }
          return true;
        });
    txn.scan(
        Table.STATE.storedName(),
        null,
        null,
        (key, value) -> {
          if (key.length == Integer.BYTES) { // of a collection
            byte[] stored = value.toArray(ValueLayout.JAVA_BYTE);
            long id = CollectionState.Stored.decode(stored).checkpointId();
            if (id != 0) {
              names.add(new SegmentName(SegmentFiles.CHECKPOINT, id, true));
            }
          }
          return true;
        });
    return names;
  }
}
