package io.firn.bench.codes;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import io.firn.quantization.ProductQuantizer;
import io.firn.quantization.Progress;
import io.firn.quantization.RabitqQuantizer;
import io.firn.quantization.ScalarQuantizer;
import io.firn.quantization.SignQuantizer;
import io.github.jbellis.jvector.quantization.BinaryQuantization;
import io.github.jbellis.jvector.quantization.NVQuantization;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import java.util.ArrayList;
import java.util.List;

/** Every kind of code that is compared. */
final class CodeKinds {

  private static final long SEED = 1;

  private CodeKinds() {}

  static List<CodeKind> all(int dimension) {
    List<CodeKind> kinds = new ArrayList<>();
    for (int bits = 1; bits <= RabitqQuantizer.MAX_BITS; bits++) {
      kinds.add(rabitq(bits));
    }
    kinds.add(scalar(8));
    kinds.add(scalar(4));
    kinds.add(
        new CodeKind(
            "sign 1 bit", (rows, _) -> new FirnCodes(new SignQuantizer(mean(rows)), rows)));
    for (int divisor : new int[] {8, 4, 2}) {
      kinds.add(product(Math.ceilDiv(dimension, divisor), 8));
    }
    kinds.add(product(Math.ceilDiv(dimension, 4), 4));
    kinds.addAll(peers(dimension));
    return kinds;
  }

  private static List<CodeKind> peers(int dimension) {
    List<CodeKind> kinds = new ArrayList<>();
    for (int bits : new int[] {1, 4, 7, 8}) {
      kinds.add(
          new CodeKind(
              "lucene osq %d bit".formatted(bits),
              (rows, distance) -> new LuceneCodes(rows, distance, bits)));
    }
    for (int divisor : new int[] {8, 4}) {
      int subspaces = Math.ceilDiv(dimension, divisor);
      kinds.add(
          new CodeKind(
              "jvector pq %d×8".formatted(subspaces),
              (rows, distance) ->
                  new JVectorCodes(
                      rows,
                      distance,
                      values -> { // centred only for this distance, as JVector advises
                        boolean centred = distance == Distance.SQUARED_L2;
                        return ProductQuantization.compute(values, subspaces, 256, centred);
                      })));
    }
    kinds.add(
        new CodeKind(
            "jvector bq",
            (rows, distance) ->
                new JVectorCodes(rows, distance, values -> new BinaryQuantization(dimension))));
    kinds.add(
        new CodeKind(
            "jvector nvq 8 bit",
            (rows, distance) ->
                new JVectorCodes(rows, distance, values -> NVQuantization.compute(values, 2))));
    return kinds;
  }

  private static CodeKind rabitq(int bits) {
    return new CodeKind(
        "rabitq %d bit".formatted(bits),
        (rows, distance) ->
            new FirnCodes(
                RabitqQuantizer.train(rows, bits, distance, SEED, Progress.IGNORED), rows));
  }

  private static CodeKind scalar(int bits) {
    return new CodeKind(
        "scalar %d bit".formatted(bits),
        (rows, distance) ->
            new FirnCodes(new ScalarQuantizer(rows.dimension(), bits, distance), rows));
  }

  private static CodeKind product(int subspaces, int bits) {
    return new CodeKind(
        "product %d×%d".formatted(subspaces, bits),
        (rows, distance) ->
            new FirnCodes(
                ProductQuantizer.train(rows, subspaces, bits, distance, SEED, Progress.IGNORED),
                rows));
  }

  private static float[] mean(FloatRows rows) {
    float[] centroid = new float[rows.dimension()];
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < rows.count(); i++) {
      rows.copy(i, row);
      for (int d = 0; d < row.length; d++) {
        centroid[d] += (row[d] - centroid[d]) / (i + 1);
      }
    }
    return centroid;
  }

  static Distance distance(io.firn.bench.data.Metric metric) {
    return switch (metric) {
      case COSINE -> Distance.COSINE;
      case DOT -> Distance.INNER_PRODUCT;
      case EUCLIDEAN -> Distance.SQUARED_L2;
    };
  }
}
