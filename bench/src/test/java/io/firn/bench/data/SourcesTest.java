package io.firn.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SourcesTest {

  @Test
  void wordVectorsLeaveOutNormAndWordNumber() throws IOException {
    String json =
        """
        {"size":2,"dimensions":3,"words":["a","b"],"vectors":
        {"a":[1,2.5,-3,4.03,0],"b":[0.5,0,1e-3,1.1,1]},"unkVector":[0,0,0]}\
        """;

    List<float[]> rows = rows(new WordVectors(() -> stream(json), 3));

    assertThat(rows).containsExactly(new float[] {1, 2.5f, -3}, new float[] {0.5f, 0, 0.001f});
  }

  @Test
  void imagesAreUnsignedPixels() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(16 + 8);
    file.putInt(0x0803).putInt(2).putInt(2).putInt(2);
    file.put(new byte[] {0, 1, (byte) 255, 3, 4, 5, 6, (byte) 128});

    List<float[]> rows = rows(new IdxImages(() -> new ByteArrayInputStream(file.array())));

    assertThat(rows).containsExactly(new float[] {0, 1, 255, 3}, new float[] {4, 5, 6, 128});
  }

  @Test
  void glossesEndBeforeTheirExamples() throws IOException {
    String data =
        """
          1 This software and database is being provided to you | by the licence
        00002669 02 r 05 barely 0 000 | only a very short time before; "we hardly knew them"
        00003675 02 r 01 anisotropically 0 000 | in an anisotropic manner
        """;
    List<String> glosses = new ArrayList<>();

    WordNetGlosses.read(() -> stream(data), glosses);

    assertThat(glosses)
        .containsExactly("only a very short time before", "in an anisotropic manner");
  }

  @Test
  void syntheticVectorsAreTheSameForTheSameSeed() throws IOException {
    List<float[]> first = rows(new SyntheticVectors(50, 20, 3));

    assertThat(rows(new SyntheticVectors(50, 20, 3))).containsExactlyElementsOf(first);
    assertThat(rows(new SyntheticVectors(50, 20, 4)).getFirst()).isNotEqualTo(first.getFirst());
  }

  @Test
  void moreSyntheticVectorsLieWhereTheOthersDoAndAreNew() throws IOException {
    var vectors = new SyntheticVectors(400, 20, 3);
    List<float[]> rows = rows(vectors);
    QueryStream stream = vectors.more(0, 5);
    for (int i = 0; i < 50; i++) {
      float[] query = stream.next();
      double nearest = rows.stream().mapToDouble(row -> squaredL2(row, query)).min().orElseThrow();
      double first = squaredL2(rows.getFirst(), rows.get(1));

      assertThat(nearest).isPositive().isLessThan(first);
    }
  }

  private static double squaredL2(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  @Test
  void zipfChoosesEachSoOftenAsItsRankSays() {
    var choice = new ZipfChoice(4, 1);
    var random = new SplittableRandom(7);
    int[] counts = new int[4];
    for (int i = 0; i < 25_000; i++) {
      counts[choice.next(random)]++;
    }

    assertThat(counts[0]).isBetween(11_600, 12_400); // 1 / (1 + 1/2 + 1/3 + 1/4) of all
    assertThat(counts[3]).isBetween(2_800, 3_200);
  }

  @Test
  void splitChoosesAsManyRowsAsAskedAndAlwaysTheSame() {
    assertThat(QuerySplit.choose(1_000, 100).cardinality()).isEqualTo(100);
    assertThat(QuerySplit.choose(1_000, 100)).isEqualTo(QuerySplit.choose(1_000, 100));
    assertThatIllegalArgumentException().isThrownBy(() -> QuerySplit.choose(10, 11));
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<float[]> rows(RowSource source) throws IOException {
    List<float[]> rows = new ArrayList<>();
    source.forEach(row -> rows.add(row.clone()));
    return rows;
  }
}
