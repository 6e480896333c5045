package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.Metric;
import java.nio.ByteBuffer;

/**
 * A collection's entry in the catalog table, big-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  number          the collection's number, from 0, never reused
 *      4      4  dimension
 *      8      1  metric          1 cosine, 2 dot, 3 euclidean
 *      9      4  m
 *     13      4  efConstruction
 *     17      8  seed
 * </pre>
 */
public record StoredSpec(int number, CollectionSpec spec) {

  byte[] encode() {
    return ByteBuffer.allocate(25)
        .putInt(number)
        .putInt(spec.dimension())
        .put(code(spec.metric()))
        .putInt(spec.m())
        .putInt(spec.efConstruction())
        .putLong(spec.seed())
        .array();
  }

  /** Reads an entry whose checksum held. */
  public static StoredSpec decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int number = in.getInt();
    int dimension = in.getInt();
    Metric metric = metric(in.get());
    return new StoredSpec(
        number, new CollectionSpec(dimension, metric, in.getInt(), in.getInt(), in.getLong()));
  }

  /** The metric's name on disk, which must not follow the order of the enum. */
  private static byte code(Metric metric) {
    return switch (metric) {
      case COSINE -> 1;
      case DOT -> 2;
      case EUCLIDEAN -> 3;
    };
  }

  private static Metric metric(byte code) {
    return switch (code) {
      case 1 -> Metric.COSINE;
      case 2 -> Metric.DOT;
      case 3 -> Metric.EUCLIDEAN;
      default -> throw new IllegalStateException("metric code " + code);
    };
  }
}
