package io.firn.bench.kernels;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Where kernels of several rows write. */
@State(Scope.Thread)
public class Results {
  final float[] floats = new float[RowOrder.BATCH];
  final int[] ids = new int[RowOrder.BATCH];
}
