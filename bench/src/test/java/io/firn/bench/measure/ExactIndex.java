package io.firn.bench.measure;

import io.firn.bench.engine.AnnIndex;
import io.firn.bench.engine.AnnSearcher;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Compares every row, in double precision; what the broken adapters of the tests are made of. */
class ExactIndex implements AnnIndex {

  final float[][] rows;
  final BitSet deleted = new BitSet();

  ExactIndex(float[][] rows) {
    this.rows = rows;
  }

  @Override
  public AnnSearcher searcher() {
    return new AnnSearcher() {
      @Override
      public int search(float[] query, int k, int knob, int[] ids) {
        int[] found = nearest(query, k);
        System.arraycopy(found, 0, ids, 0, found.length);
        return found.length;
      }

      @Override
      public void close() {}
    };
  }

  int[] nearest(float[] query, int k) {
    return IntStream.range(0, rows.length)
        .filter(id -> !deleted.get(id))
        .boxed()
        .sorted(Comparator.comparingDouble(id -> distance(query, rows[id])))
        .limit(k)
        .mapToInt(id -> id)
        .toArray();
  }

  @Override
  public void delete(int[] ids) {
    for (int id : ids) {
      deleted.set(id);
    }
  }

  @Override
  public void close() {}

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }
}
