package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;

/** A library that builds an index over a set on disk and searches it. Stateless. */
public interface AnnEngine {

  /** As on the command line and in rows. */
  String name();

  /** Version of the library. */
  String version();

  /** What is chosen where the caller chooses nothing, for this set. */
  Parameters defaults(DataSet set);

  /**
   * Builds the index and leaves all that a search needs in {@code folder}, which is empty.
   *
   * @param threads how many may work at once
   */
  void build(DataSet set, Parameters parameters, Path folder, int threads) throws IOException;

  /** Opens what {@link #build} left, for search. */
  AnnIndex open(DataSet set, Parameters parameters, Path folder) throws IOException;
}
