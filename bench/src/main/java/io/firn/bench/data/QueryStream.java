package io.firn.bench.data;

/** Queries without end. For one thread. */
@FunctionalInterface
public interface QueryStream {

  /** The next query; its array is used again for the one after it. */
  float[] next();
}
