package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HnswGraphTest {

  private static final HnswParams PARAMS = new HnswParams(8, 60, 7);

  @ParameterizedTest(name = "{0} points, seed {1}")
  @CsvSource({"1,1", "2,2", "3,3", "50,4", "1024,5", "1025,6", "3000,7"})
  void isSoundForEverySize(int count, long seed) {
    HnswGraph graph = Points.clustered(count, 12, 20, seed).graph(PARAMS);

    assertThatCode(() -> new GraphValidator(graph).requireSound()).doesNotThrowAnyException();
    assertThat(graph.size()).isEqualTo(count);
  }

  @ParameterizedTest(name = "m {0}")
  @ValueSource(ints = {2, 3, 16, 64})
  void isSoundForEveryM(int m) {
    HnswGraph graph = Points.clustered(1500, 8, 5, 11).graph(new HnswParams(m, Math.max(m, 20), 3));

    assertThatCode(() -> new GraphValidator(graph).requireSound()).doesNotThrowAnyException();
  }

  @Test
  void connectsIdenticalPoints() {
    HnswGraph graph = Points.identical(2000, 4).graph(PARAMS);

    assertThatCode(() -> new GraphValidator(graph).requireSound()).doesNotThrowAnyException();
  }

  @Test
  void sameSeedGivesSameBytes() {
    Points points = Points.clustered(2500, 10, 30, 21);

    assertThat(bytes(points.graph(PARAMS))).isEqualTo(bytes(points.graph(PARAMS)));
    assertThat(bytes(points.graph(new HnswParams(8, 60, 8))))
        .isNotEqualTo(bytes(points.graph(PARAMS)));
  }

  @ParameterizedTest(name = "checkpoint after {0} of 2500 nodes")
  @ValueSource(ints = {0, 1, 2, 777, 1024, 2499})
  void continuesAfterRestoreAsIfNeverAway(int before) {
    Points points = Points.clustered(2500, 10, 30, 22);
    HnswGraph first = new HnswGraph(PARAMS);
    points.insert(first, 0, before);
    HnswGraph restored = HnswGraph.restore(segment(first));
    points.insert(restored, before, points.size());

    assertThat(bytes(restored)).isEqualTo(bytes(points.graph(PARAMS)));
  }

  @Test
  void refusesNodesOutOfOrder() {
    HnswGraph graph = Points.clustered(5, 4, 2, 1).graph(PARAMS);
    NodeDistances none = (_, _, _, _) -> {};

    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.insert(4, none))
        .withMessageStartingWith("node must be 5 but is 4");
    assertThatIllegalArgumentException().isThrownBy(() -> graph.insert(6, none));
  }

  @ParameterizedTest(name = "distances fail at call {0}")
  @ValueSource(ints = {1, 5, 12, 20, 40, 60})
  void staysSoundWhenAnInsertFailsAndIsRepeated(int failingCall) {
    Points points = Points.clustered(900, 10, 10, 31);
    HnswGraph graph = new HnswGraph(PARAMS);
    points.insert(graph, 0, 800);
    int[] calls = {0};
    NodeDistances failing =
        (node, nodes, distances, count) -> {
          if (++calls[0] == failingCall) {
            throw new IllegalStateException("row is gone");
          }
          points.distances().distances(node, nodes, distances, count);
        };

    assertThatThrownBy(() -> graph.insert(800, failing)).hasMessage("row is gone");
    assertThat(graph.size()).isEqualTo(800);
    points.insert(graph, 800, 900);

    assertThatCode(() -> new GraphValidator(graph).requireSound()).doesNotThrowAnyException();
  }

  @Test
  void refusesParametersOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HnswParams(1, 100, 0))
        .withMessageContaining("but is 1");
    assertThatIllegalArgumentException().isThrownBy(() -> new HnswParams(257, 300, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HnswParams(16, 15, 0))
        .withMessageContaining("but is 15");
  }

  static byte[] bytes(HnswGraph graph) {
    return segment(graph).toArray(ValueLayout.JAVA_BYTE);
  }

  static MemorySegment segment(HnswGraph graph) {
    MemorySegment bytes = Arena.ofAuto().allocate(graph.byteSize(), 64);
    graph.writeTo(bytes);
    return bytes;
  }
}
