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
import org.jspecify.annotations.Nullable;

/**
 * One query against the records of a sealed segment. Distances here are estimates that order nodes:
 * the query's own part, equal for all nodes, is left out of inner products. Reusable scratch for
 * segments of one code length; one thread at a time.
 */
final class RecordQuery implements NodeRecords {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Greatest share of the lengths that rounding may put into an estimate from a head. */
  private static final double ROUNDING = 1e-5;

  /** A power of two: nodes of a walk that are asked for twice are asked for in vain. */
  private static final int ASKED_LATELY = 256;

  private final RecordSearcher searcher = new RecordSearcher();
  private final CodeQuery codes;
  private final float[] rotated;
  private final double halfDiagonal; // of a cube with side 1
  private final WalkStarts starts = new WalkStarts();
  private float[] vector = new float[0];
  private final PageRequests requests = new PageRequests();
  private final int[] askedLately = new int[ASKED_LATELY]; // nodes + 1 by their last bits
  private Temperature temperature = new Temperature();
  private boolean cold;
  private @Nullable CompactQuery kept;
  private @Nullable CompactQuery compact; // null while the file is walked
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
      RowLayout layout,
      float[] query,
      int ef,
      IntPredicate accept,
      int[] ordinals,
      float[] distances) {
    prepare(layout, query);
    if (cold) {
      starts.ask(file, requests);
    }
    int count = starts.choose(file, block, codes, product ? 0 : squares, ef);
    NodeRecords walked = compact == null ? this : compact;
    int near =
        searcher.search(
            walked, starts.nodes(), starts.estimates(), count, ef, accept, ordinals, distances);
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
  NodeScorer heads(RowLayout layout, float[] query) {
    prepare(layout, query);
    return compact == null ? this::scoreHeads : compact::score;
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

  /**
   * Takes what is searched next.
   *
   * @param compact form that is walked in place of the file, pinned by the caller; null for none
   */
  void take(NodeRecordFile file, Temperature temperature, @Nullable CompactRecords compact) {
    this.file = file;
    this.temperature = temperature;
    cold = temperature.cold();
    records = file.records();
    strideBytes = file.layout().strideBytes();
    size = file.size();
    product = file.space().product();
    if (compact == null) {
      this.compact = null;
    } else {
      this.compact = compactScratch(compact);
      this.compact.take(compact, product);
    }
  }

  private CompactQuery compactScratch(CompactRecords compact) {
    if (kept == null) {
      kept = new CompactQuery(rotated, compact);
    }
    return kept;
  }

  private void prepare(RowLayout layout, float[] query) {
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
    sum = 0;
    squares = others;
    for (float value : rotated) {
      sum += value;
      squares += value * value;
    }
    if (compact != null) {
      compact.prepare(sum, squares);
    }
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

  /** The least that the squared length to a node should be whose head has a distance. */
  private double leastSquares(int node, float head) {
    double apart = apart(node);
    double own = compact == null ? records.get(FLOAT, ownAt(node)) : compact.own(node);
    double rounding = ROUNDING * (squares + own);
    double coded = Math.sqrt(Math.max(0, head - others - apart - rounding));
    double length = Math.max(0, coded - error(node));
    double other = Math.sqrt(others) - Math.sqrt(apart);
    return length * length + other * other - rounding;
  }

  /** The most that the squared length to a node should be whose head has a distance. */
  private double mostSquares(int node, float head) {
    double apart = apart(node);
    double length = Math.sqrt(Math.max(0, head - others - apart)) + error(node);
    double other = Math.sqrt(others) + Math.sqrt(apart);
    return length * length + other * other;
  }

  /** The squared length of a node that is not coded. */
  private double apart(int node) {
    return compact == null
        ? records.get(FLOAT, node * strideBytes + NodeRecordLayout.OTHERS_AT)
        : compact.others(node);
  }

  private long ownAt(int node) {
    return node * strideBytes + NodeRecordLayout.OWN_AT;
  }

  /** Most by which the length to a node should differ from that to its head. */
  private double error(int node) {
    return compact == null
        ? halfDiagonal * records.get(FLOAT, node * strideBytes + NodeRecordLayout.STEP_AT)
        : CompactQuery.DEVIATIONS * compact.deviation(node);
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
    double most = mostSquares(nodes[k - 1], heads[k - 1]);
    for (int i = 0; i < count; i++) {
      if (i < k || product || leastSquares(nodes[i], heads[i]) <= most) {
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
