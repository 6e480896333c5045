package io.firn.bench.engine;

import com.github.jelmerk.hnswlib.core.DistanceFunction;
import com.github.jelmerk.hnswlib.core.DistanceFunctions;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.SearchResult;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * hnswlib-core of jelmerk, as its README says: {@code addAll} with all threads, removal enabled,
 * {@code setEf} at search. Its module with Vector API distances is not on Central.
 */
final class HnswlibJava implements AnnEngine {

  private static final String FILE = "hnswlib.index";

  @Override
  public String name() {
    return "hnswlib-java";
  }

  @Override
  public String version() {
    return LibraryVersion.of(HnswIndex.class);
  }

  @Override
  public Parameters defaults(DataSet set) {
    return Parameters.of("m", 16, "efConstruction", 200);
  }

  @Override
  public void build(DataSet set, Parameters parameters, Path folder, int threads)
      throws IOException {
    HnswIndex<Integer, float[], Row, Float> index =
        HnswIndex.newBuilder(set.dimension(), distance(set), set.baseCount())
            .withM(parameters.integer("m"))
            .withEfConstruction(parameters.integer("efConstruction"))
            .withEf(parameters.integer("m"))
            .withRemoveEnabled()
            .build();
    List<Row> rows = new ArrayList<>(set.baseCount());
    BaseRows.forEach(set, (id, vector) -> rows.add(new Row(id, vector)));
    try {
      index.addAll(rows, threads, (_, _) -> {}, Integer.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while hnswlib built");
    }
    index.save(folder.resolve(FILE));
  }

  @Override
  public AnnIndex open(DataSet set, Parameters parameters, Path folder) throws IOException {
    return new Index(HnswIndex.load(folder.resolve(FILE)));
  }

  private static DistanceFunction<float[], Float> distance(DataSet set) {
    return switch (set.metric()) {
      case COSINE ->
          set.unitLength()
              ? DistanceFunctions.FLOAT_INNER_PRODUCT
              : DistanceFunctions.FLOAT_COSINE_DISTANCE;
      case DOT -> DistanceFunctions.FLOAT_INNER_PRODUCT;
      case EUCLIDEAN -> DistanceFunctions.FLOAT_EUCLIDEAN_DISTANCE;
    };
  }

  /** A vector under its number. */
  static final class Row implements Item<Integer, float[]> {

    private static final long serialVersionUID = 1;

    private final Integer id;
    private final float[] vector;

    Row(Integer id, float[] vector) {
      this.id = id;
      this.vector = vector;
    }

    @Override
    public Integer id() {
      return id;
    }

    @Override
    public float[] vector() {
      return vector;
    }

    @Override
    public int dimensions() {
      return vector.length;
    }
  }

  private record Index(HnswIndex<Integer, float[], Row, Float> index) implements AnnIndex {

    @Override
    public AnnSearcher searcher() {
      return new Searcher(index);
    }

    @Override
    public void delete(int[] ids) {
      for (int id : ids) {
        index.remove(id, 0);
      }
    }

    @Override
    public void close() {}
  }

  private record Searcher(HnswIndex<Integer, float[], Row, Float> index) implements AnnSearcher {

    @Override
    public int search(float[] query, int k, int knob, int[] ids) {
      if (index.getEf() != knob) {
        index.setEf(knob);
      }
      List<SearchResult<Row, Float>> found = index.findNearest(query, k);
      for (int i = 0; i < found.size(); i++) {
        ids[i] = found.get(i).item().id();
      }
      return found.size();
    }

    @Override
    public void close() {}
  }
}
