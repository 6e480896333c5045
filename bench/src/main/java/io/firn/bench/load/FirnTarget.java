package io.firn.bench.load;

import io.firn.BulkLoad;
import io.firn.Row;
import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Rows to Firn. */
final class FirnTarget implements IngestTarget {

  private final FirnFixture fixture;

  FirnTarget(Path work, DataSet set, String durability) throws IOException {
    this.fixture = FirnFixture.empty(work, set, FirnFixture.durability(durability));
  }

  @Override
  public void write(List<Row> rows) {
    fixture.rows().upsertAll(rows);
  }

  @Override
  public void bulk(List<Row> rows) {
    try (BulkLoad load = fixture.rows().bulk()) {
      rows.forEach(load::add);
      load.commit();
    }
  }

  @Override
  public void settle() {
    fixture.db().flush();
  }

  @Override
  public long count() {
    return fixture.rows().count();
  }

  @Override
  public void close() throws IOException {
    fixture.close();
  }
}
