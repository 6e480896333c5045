package io.firn.bench.load;

import io.firn.Row;
import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An empty store in a folder of its own, gone when closed. Any thread, but for the start and end.
 */
interface IngestTarget extends AutoCloseable {

  /** Engines that rows can be written to: Firn, the store below it alone, and a peer. */
  List<String> ENGINES = List.of("firn", "lmdb", "lucene");

  /** A target of an engine; all but Firn know full durability alone. */
  static IngestTarget open(String engine, Path work, DataSet set, String durability)
      throws IOException {
    return switch (engine) {
      case "firn" -> new FirnTarget(work, set, durability);
      case "lmdb" -> new LmdbTarget(work);
      case "lucene" -> new LuceneTarget(work, set);
      default ->
          throw new IllegalArgumentException(
              "engine must be one of %s but is '%s': no other is written to. Choose some of them."
                  .formatted(ENGINES, engine));
    };
  }

  /** Writes rows; returns when they are as durable as asked. */
  void write(List<Row> rows) throws IOException;

  /** Writes all rows in the way that is meant for it. */
  void bulk(List<Row> rows) throws IOException;

  /** Waits until everything can be found as fast as it will be without being asked. */
  void settle() throws IOException;

  /** Rows there are. */
  long count() throws IOException;

  @Override
  void close() throws IOException;
}
