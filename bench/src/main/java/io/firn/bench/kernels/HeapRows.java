package io.firn.bench.kernels;

import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same rows as the peers' kernels take them: arrays on the heap, not padded. */
@State(Scope.Thread)
public class HeapRows {

  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  /** Which kernels. */
  @Param public PeerMetric metric = PeerMetric.LUCENE_L2;

  float[] query = new float[0];
  float[][] rows = new float[0][];
  VectorFloat<?> jvectorQuery = TYPES.createFloatVector(1);
  VectorFloat<?>[] jvectorRows = new VectorFloat<?>[0];

  /** Fills the rows. */
  @Setup(Level.Trial)
  public void fill(RowOrder order) {
    float[] pattern = NativeRows.pattern();
    query = Arrays.copyOf(pattern, order.dimension);
    jvectorQuery = TYPES.createFloatVector(query);
    int count = order.place.rows(order.dimension);
    rows = new float[count][];
    jvectorRows = new VectorFloat<?>[count];
    for (int r = 0, at = 0; r < count; r++, at += order.dimension) {
      at = at + order.dimension > pattern.length ? 0 : at;
      rows[r] = Arrays.copyOfRange(pattern, at, at + order.dimension);
      jvectorRows[r] = TYPES.createFloatVector(rows[r]);
    }
  }
}
