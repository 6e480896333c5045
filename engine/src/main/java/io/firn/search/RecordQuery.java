package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.Metric;
import io.firn.hnsw.NodeRecords;
import io.firn.hnsw.NodeScorer;
import io.firn.hnsw.RecordSearcher;
import io.firn.simd.CacheLines;
import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import io.firn.simd.Uint8Product;
import io.firn.simd.Vectors;
import io.firn.store.PageRequests;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * One query against the records of a sealed segment. Distances here are estimates that order nodes:
 * the query's own part, equal for all nodes, is left out of inner products. Reusable scratch for
 * segments of one code length; one thread at a time.
 */
final class RecordQuery implements NodeRecords {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /**
   * Fewest and most nodes that a walk starts from. The nearest rows of a query that is far from all
   * of them lie on several sides: of 100,000 rows in clusters 64 candidates from 8 starts found
   * .80, from 64 .87. But to choose 32 takes 5 of 35 µs more than to choose 8, so those with few
   * candidates, which are in a hurry, do with fewer.
   */
  private static final int LEAST_STARTS = 8;

  private static final int MOST_STARTS = 32;
  private static final int CANDIDATES_PER_START = 4;

  /** Greatest share of the lengths that rounding may put into an estimate from a head. */
  private static final double ROUNDING = 1e-5;

  /** A power of two: nodes of a walk that are asked for twice are asked for in vain. */
  private static final int ASKED_LATELY = 256;

  private final RecordSearcher searcher = new RecordSearcher();
  private final CodeQuery codes;
  private final float[] rotated;
  private final double halfDiagonal; // of a cube with side 1
  private final int[] seeds = new int[MOST_STARTS];
  private final float[] seedDistances = new float[MOST_STARTS];
  private final int[] found = new int[CodeBlock.RESULT_CAPACITY];
  private final float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
  private float[] vector = new float[0];
  private final PageRequests requests = new PageRequests();
  private final int[] askedLately = new int[ASKED_LATELY]; // nodes + 1 by their last bits
  private Temperature temperature = new Temperature();
  private boolean cold;
  private MemorySegment records = MemorySegment.NULL;
  private NodeRecordFile file;
  private CodeBlock block;
  private long strideBytes;
  private int size;
  private boolean product;
  private float sum;
  private float squares; // of what is coded and of what is not
  private float others; // squared length of what is not coded

  RecordQuery(NodeRecordFile file) {
    this.file = file;
    this.codes = new CodeQuery(file.layout().codeLength());
    this.rotated = new float[file.layout().codeLength()];
    this.halfDiagonal = Math.sqrt(rotated.length) / 2;
    this.block = file.layout().block();
  }

  /** True if this scratch has the sizes that the file needs. */
  boolean fits(NodeRecordFile file) {
    return rotated.length == file.layout().codeLength() && block.bits() == file.layout().bits();
  }

  /**
   * Walks the records.
   *
   * @param query at least {@code dimension} floats
   * @param ordinals receives accepted nodes, nearest first by their heads
   * @return how many
   */
  int search(
      NodeRecordFile file,
      Temperature temperature,
      RowLayout layout,
      float[] query,
      int ef,
      IntPredicate accept,
      int[] ordinals,
      float[] distances) {
    prepare(file, temperature, layout, query);
    int starts = Math.clamp(ef / CANDIDATES_PER_START, LEAST_STARTS, MOST_STARTS);
    int count = chooseSeeds(file, starts);
    int near = searcher.search(this, seeds, seedDistances, count, ef, accept, ordinals, distances);
    if (cold) {
      temperature.note(requests);
    }
    return near;
  }

  /** Records expanded by the last search. */
  int hops() {
    return searcher.expanded();
  }

  /** As {@link RecordSearcher#calm}. */
  double calm(int[] nodes, int count) {
    return searcher.calm(nodes, count);
  }

  /** Distances from a query to nodes by their heads; until the next use of this scratch. */
  NodeScorer heads(
      NodeRecordFile file, Temperature temperature, RowLayout layout, float[] query) {
    prepare(file, temperature, layout, query);
    return this::scoreHeads;
  }

  /** Four at a time; the memory of the next four is asked for before the first are computed. */
  private void scoreHeads(int[] nodes, float[] distances, int count) {
    if (cold) {
      askFor(nodes, count);
    }
    if (count > 0) {
      distances[0] = touchHeads(nodes, 0, count - 1); // kept, or it may be left out
    }
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      if (i + 4 < count) {
        distances[i + 4] = touchHeads(nodes, i + 4, count - 1);
      }
      fourHeads(nodes, distances, i);
    }
    for (; i < count; i++) {
      distances[i] = distance(nodes[i]);
    }
  }

  private void fourHeads(int[] nodes, float[] distances, int at) {
    Uint8Product.product4(
        rotated,
        records,
        nodes[at] * strideBytes + NodeRecordLayout.HEAD_AT,
        nodes[at + 1] * strideBytes + NodeRecordLayout.HEAD_AT,
        nodes[at + 2] * strideBytes + NodeRecordLayout.HEAD_AT,
        nodes[at + 3] * strideBytes + NodeRecordLayout.HEAD_AT,
        rotated.length,
        distances,
        at);
    for (int i = at; i < at + 4; i++) {
      distances[i] = distance(nodes[i] * strideBytes, distances[i]);
    }
  }

  /** Asks for the heads of four nodes, the last one again if there are fewer. */
  private int touchHeads(int[] nodes, int first, int last) {
    for (int i = first; i <= Math.min(last, first + 3); i++) {
      file.requireSound(nodes[i]);
    }
    return CacheLines.touch4(
        records,
        headLine(nodes[first]),
        headLine(nodes[Math.min(first + 1, last)]),
        headLine(nodes[Math.min(first + 2, last)]),
        headLine(nodes[Math.min(first + 3, last)]),
        file.layout().codesAt() - NodeRecordLayout.AFFINE_AT);
  }

  private long headLine(int node) {
    return node * strideBytes + NodeRecordLayout.AFFINE_AT;
  }

  private void prepare(
      NodeRecordFile file, Temperature temperature, RowLayout layout, float[] query) {
    this.temperature = temperature;
    cold = temperature.cold();
    if (cold) {
      Arrays.fill(askedLately, 0);
    }
    if (vector.length != layout.dimension()) {
      vector = new float[layout.dimension()];
    }
    System.arraycopy(query, 0, vector, 0, vector.length);
    if (layout.metric() == Metric.COSINE) {
      Vectors.normalize(vector, vector.length);
    }
    others = file.space().transform(vector, rotated);
    codes.prepare(rotated);
    this.file = file;
    records = file.records();
    strideBytes = file.layout().strideBytes();
    size = file.size();
    product = file.space().product();
    sum = 0;
    squares = others;
    for (float value : rotated) {
      sum += value;
      squares += value * value;
    }
  }

  /** The best few of the seeds, by their codes; all of them if there are only few. */
  private int chooseSeeds(NodeRecordFile file, int most) {
    int count = 0;
    float worst = Float.POSITIVE_INFINITY;
    for (int i = 0; cold && i < file.seedRecords(); i++) {
      file.ask(requests, size + i);
    }
    for (int i = 0; i < file.seedRecords(); i++) {
      file.requireSound(size + i);
      long at = ((long) size + i) * strideBytes;
      float shared = product ? 0 : squares;
      int near = block.below(records, at, codes, shared, worst, found, estimates);
      for (int j = 0; j < near; j++) {
        count = keepSeed(count, most, found[j], estimates[j]);
      }
      worst = count < most ? Float.POSITIVE_INFINITY : seedDistances[most - 1];
    }
    return count;
  }

  /** Inserts in order of distance; the worst falls out. */
  private int keepSeed(int count, int most, int node, float distance) {
    int at = Arrays.binarySearch(seedDistances, 0, count, distance);
    int place = at < 0 ? -at - 1 : at;
    if (place >= most) {
      return count;
    }
    int kept = Math.min(count, most - 1);
    System.arraycopy(seeds, place, seeds, place + 1, kept - place);
    System.arraycopy(seedDistances, place, seedDistances, place + 1, kept - place);
    seeds[place] = node;
    seedDistances[place] = distance;
    return kept + 1;
  }

  /**
   * Brings those of the nodes found forward that may be nearer than a distance. A head is off by
   * half a step in each dimension at most, so the length to a node differs from the length to its
   * head by no more than that error's own length; in the dimensions that are not coded, query and
   * node are apart at least by the difference of their lengths there. Inner products have no such
   * bound: all may be.
   *
   * @param heads distances of the nodes' heads as the walk returned them
   * @param from nodes before it are not looked at
   * @param limit squared length from the query, of unit vectors under COSINE
   * @return where those that are certainly not nearer begin
   */
  int bringDoubtful(int[] nodes, float[] heads, int from, int count, float limit) {
    if (product) {
      return count;
    }
    int kept = from;
    for (int i = from; i < count; i++) {
      if (leastSquares(nodes[i], heads[i]) <= limit) {
        int node = nodes[i];
        nodes[i] = nodes[kept];
        nodes[kept++] = node;
      }
    }
    return kept;
  }

  /** The least that the squared length to a node can be whose head has a distance. */
  private double leastSquares(int node, float head) {
    long at = node * strideBytes;
    double apart = records.get(FLOAT, at + NodeRecordLayout.OTHERS_AT);
    double rounding = ROUNDING * (squares + records.get(FLOAT, at + NodeRecordLayout.OWN_AT));
    double coded = Math.sqrt(Math.max(0, head - others - apart - rounding));
    double length = Math.max(0, coded - error(node));
    double other = Math.sqrt(others) - Math.sqrt(apart);
    return length * length + other * other - rounding;
  }

  /** Most by which the length to a node can differ from that to its head. */
  private double error(int node) {
    return halfDiagonal * records.get(FLOAT, node * strideBytes + NodeRecordLayout.STEP_AT);
  }

  /**
   * Has the rows read ahead, all together, that may be among the {@code k} nearest as far as heads
   * tell, if the segment is cold.
   *
   * @param nodes nearest first
   * @param heads as for {@link #bringDoubtful}
   */
  void askForRows(VectorFile rows, int[] nodes, float[] heads, int k, int count) {
    if (!cold || k == 0) {
      return;
    }
    double most = Math.sqrt(Math.max(0, heads[k - 1])) + error(nodes[k - 1]);
    for (int i = 0; i < count; i++) {
      if (i < k || product || leastLength(nodes[i], heads[i]) <= most) {
        rows.ask(requests, nodes[i]);
      }
    }
    temperature.note(requests);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean wantsAhead() {
    return cold;
  }

  @Override
  public void ahead(int[] nodes, int count) {
    askFor(nodes, count);
  }

  private void askFor(int[] nodes, int count) {
    for (int i = 0; i < count; i++) {
      int place = nodes[i] & (ASKED_LATELY - 1);
      if (askedLately[place] != nodes[i] + 1) {
        askedLately[place] = nodes[i] + 1;
        file.ask(requests, nodes[i]);
      }
    }
  }

  @Override
  public int touch(int[] nodes, int count) {
    for (int i = 0; i < count; i++) {
      file.requireSound(nodes[i]);
    }
    return CacheLines.touch4(
        records,
        nodes[0] * strideBytes,
        nodes[Math.min(1, count - 1)] * strideBytes,
        nodes[Math.min(2, count - 1)] * strideBytes,
        nodes[count - 1] * strideBytes,
        strideBytes);
  }

  @Override
  public float distance(int node) {
    long at = node * strideBytes;
    return distance(
        at, Uint8Product.product(rotated, records, at + NodeRecordLayout.HEAD_AT, rotated.length));
  }

  /** The distance of the record at a place whose head has a product with the query. */
  private float distance(long at, float byCodes) {
    float lower = records.get(FLOAT, at + NodeRecordLayout.LOWER_AT);
    float step = records.get(FLOAT, at + NodeRecordLayout.STEP_AT);
    float own = records.get(FLOAT, at + NodeRecordLayout.OWN_AT);
    float along = lower * sum + step * byCodes;
    return product ? own - along : squares - 2 * along + own;
  }

  @Override
  public int below(int node, float distance, float threshold, int[] nodes, float[] into) {
    long at = node * strideBytes;
    float shared = product ? distance - records.get(FLOAT, at + NodeRecordLayout.OWN_AT) : distance;
    return block.below(records, at, codes, shared, threshold, nodes, into);
  }
}
