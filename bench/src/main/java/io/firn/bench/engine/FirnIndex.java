package io.firn.bench.engine;

import io.firn.Collection;
import io.firn.Database;
import io.firn.Hit;
import java.util.List;

/** An open database with one collection. */
final class FirnIndex implements AnnIndex {

  private final Database db;
  private final Collection rows;

  FirnIndex(Database db) {
    this.db = db;
    this.rows = db.collection(FirnEngine.COLLECTION);
  }

  @Override
  public AnnSearcher searcher() {
    return new Searcher(rows);
  }

  @Override
  public void delete(int[] ids) {
    db.write(tx -> {
      for (int id : ids) {
        tx.delete(rows, id);
      }
    });
  }

  @Override
  public void close() {
    db.close();
  }

  private record Searcher(Collection rows) implements AnnSearcher {

    @Override
    public int search(float[] query, int k, int knob, int[] ids) {
      List<Hit> hits = rows.search(query).k(k).ef(knob).run();
      for (int i = 0; i < hits.size(); i++) {
        ids[i] = (int) hits.get(i).longId();
      }
      return hits.size();
    }

    @Override
    public void close() {}
  }
}
