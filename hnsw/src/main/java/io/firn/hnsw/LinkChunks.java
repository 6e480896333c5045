package io.firn.hnsw;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Link lists of all nodes, in chunks that never move. A list has a fixed number of slots; used ones
 * come first, the others hold the node itself.
 *
 * <p>Layer 0 of a node is {@code 2m} ints of its chunk; its layers 1..L are one array of {@code L *
 * m} ints. Written by one thread, read by any under the rules of {@link HnswGraph}.
 */
final class LinkChunks {

  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_NODES = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_NODES - 1;
  private static final int[] NO_LAYERS = {};

  private static final class Chunk {
    final int[] layer0;
    final int[][] upper = new int[CHUNK_NODES][];

    Chunk(int degree0) {
      layer0 = new int[CHUNK_NODES * degree0];
    }
  }

  private final int m;
  private final int degree0;
  private volatile Chunk[] chunks = new Chunk[0];

  LinkChunks(HnswParams params) {
    this.m = params.m();
    this.degree0 = params.maxDegree(0);
  }

  /** Makes empty lists for a node; the next one, or the last again. Writer only. */
  void add(int node, int level) {
    if (node >>> CHUNK_BITS == chunks.length) {
      addChunk();
    }
    Chunk chunk = chunks[node >>> CHUNK_BITS];
    int at = (node & CHUNK_MASK) * degree0;
    Arrays.fill(chunk.layer0, at, at + degree0, node);
    int[] upper = NO_LAYERS;
    if (level > 0) {
      upper = new int[level * m];
      Arrays.fill(upper, node);
    }
    chunk.upper[node & CHUNK_MASK] = upper;
  }

  private void addChunk() {
    Chunk[] seen = chunks;
    Chunk[] grown = Arrays.copyOf(seen, seen.length + 1);
    grown[seen.length] = new Chunk(degree0);
    chunks = grown;
  }

  /** Copies a list out. Any thread. */
  int read(int layer, int node, int[] into) {
    Chunk chunk = chunks[node >>> CHUNK_BITS];
    int[] slots;
    int at;
    int end;
    if (layer == 0) {
      slots = chunk.layer0;
      at = (node & CHUNK_MASK) * degree0;
      end = at + degree0;
    } else {
      slots = chunk.upper[node & CHUNK_MASK];
      at = (layer - 1) * m;
      end = at + m;
    }
    int count = 0;
    while (at < end) {
      int neighbour = slots[at++];
      if (neighbour == node) {
        break;
      }
      into[count++] = neighbour;
    }
    VarHandle.acquireFence(); // what the writer did before it linked these ids is now visible
    return count;
  }

  /** The first link of a node on layer 0: its parent. Writer only. */
  int parent(int node) {
    return chunks[node >>> CHUNK_BITS].layer0[(node & CHUNK_MASK) * degree0];
  }

  /** Replaces a list. Writer only. */
  void write(int layer, int node, int[] list, int count) {
    Chunk chunk = chunks[node >>> CHUNK_BITS];
    if (layer == 0) {
      write(chunk.layer0, (node & CHUNK_MASK) * degree0, degree0, node, list, count);
    } else {
      write(chunk.upper[node & CHUNK_MASK], (layer - 1) * m, m, node, list, count);
    }
  }

  private static void write(int[] slots, int at, int degree, int node, int[] list, int count) {
    VarHandle.releaseFence(); // the lists of the nodes named here come before their names
    System.arraycopy(list, 0, slots, at, count);
    Arrays.fill(slots, at + count, at + degree, node);
  }

  /** Ints of all lists above layer 0. Writer only. */
  int upperInts(int nodes) {
    long ints = 0;
    for (int node = 0; node < nodes; node++) {
      ints += upper(node).length;
    }
    return Math.toIntExact(ints);
  }

  /** The lists of layers 1..L of a node, one after the other. Writer only. */
  int[] upper(int node) {
    return chunks[node >>> CHUNK_BITS].upper[node & CHUNK_MASK];
  }

  /** Writes the slots of layer 0 as little-endian ints. Writer only. */
  void copyLayer0(int node, MemorySegment target, long at) {
    int[] slots = chunks[node >>> CHUNK_BITS].layer0;
    int from = (node & CHUNK_MASK) * degree0;
    MemorySegment.copy(slots, from, target, GraphLayout.INT, at, degree0);
  }
}
