package io.firn.bench.kernels;

import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same rows as the peers' kernels take them: arrays on the heap, not padded. */
@State(Scope.Thread)
public class HeapRows {

  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  float[] query = new float[0];
  float[][] rows = new float[0][];
  VectorFloat<?> jvectorQuery = TYPES.createFloatVector(1);
  VectorFloat<?>[] jvectorRows = new VectorFloat<?>[0];

  /** Fills the rows. */
  @Setup(Level.Trial)
  public void fill(RowOrder order) {
    var random = new SplittableRandom(1);
    query = row(random, order.dimension);
    jvectorQuery = TYPES.createFloatVector(query);
    int count = order.place.rows(order.dimension);
    rows = new float[count][];
    jvectorRows = new VectorFloat<?>[count];
    for (int r = 0; r < count; r++) {
      rows[r] = row(random, order.dimension);
      jvectorRows[r] = TYPES.createFloatVector(rows[r]);
    }
  }

  private static float[] row(SplittableRandom random, int dimension) {
    float[] row = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      row[i] = (float) random.nextDouble(-1, 1);
    }
    return row;
  }
}
