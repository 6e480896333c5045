package io.firn.bench.data;

import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** A prepared set's description on disk, paths included; child processes read it too. */
public final class DataSetFile {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DataSetFile() {}

  /** Writes {@code set} to {@code file}. */
  public static void write(DataSet set, Path file) {
    JSON.writeValue(file, set);
  }

  /** Reads what {@link #write} wrote. */
  public static DataSet read(Path file) {
    return JSON.readValue(file, DataSet.class);
  }
}
