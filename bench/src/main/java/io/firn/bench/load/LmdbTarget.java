package io.firn.bench.load;

import io.firn.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * Rows to LMDB alone, without a graph: a durable transaction for each write, one after the other.
 */
final class LmdbTarget implements IngestTarget {

  private static final long MAP_BYTES = 1L << 36;

  private final Path folder;
  private final Env<byte[]> env;
  private final Dbi<byte[]> rows;

  LmdbTarget(Path work) throws IOException {
    this.folder = Files.createTempDirectory(Files.createDirectories(work), "lmdb");
    this.env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .open(folder.toFile());
    this.rows = env.openDbi("rows", DbiFlags.MDB_CREATE);
  }

  @Override
  public synchronized void write(List<Row> written) {
    try (Txn<byte[]> txn = env.txnWrite()) {
      for (Row row : written) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(row.longId()).array();
        rows.put(txn, key, bytes(row.vector()));
      }
      txn.commit();
    }
  }

  private static byte[] bytes(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    return bytes.array();
  }

  @Override
  public void bulk(List<Row> written) {
    write(written);
  }

  @Override
  public void settle() {} // every write is durable, and there is no graph

  @Override
  public long count() {
    try (Txn<byte[]> txn = env.txnRead()) {
      return rows.stat(txn).entries;
    }
  }

  @Override
  public void close() throws IOException {
    env.close();
    FirnFixture.delete(folder);
  }
}
