package io.firn.write;

import io.firn.search.CollectionView;
import io.firn.search.RecallCalibration;
import io.firn.search.SearcherPool;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;

/** Has some of the queries that ask for a recall checked in the background. Thread-safe. */
record RecallChecks(Snapshots snapshots, SearcherPool searchers, Indexer indexer) {

  /** Candidates that find a share of the nearest {@code k} rows, as far as is known. */
  int ef(CollectionState collection, float[] query, int k, double recall) {
    RecallCalibration calibration = collection.calibration();
    if (calibration.due(query)) {
      float[] kept = query.clone();
      indexer.later(() -> check(collection, kept, k));
    }
    return calibration.ef(query, k, recall);
  }

  private void check(CollectionState collection, float[] query, int k) {
    try (Snapshot snapshot = snapshots.pin()) {
      CollectionView view = snapshot.collection(collection.number());
      if (view != null) {
        searchers.search(searcher -> {
          collection.calibration().check(searcher, view, query, k);
          return true;
        });
      }
    } finally {
      collection.calibration().checked();
    }
  }
}
