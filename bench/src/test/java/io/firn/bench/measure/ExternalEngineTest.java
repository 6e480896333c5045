package io.firn.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.data.NamedSets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalEngineTest {

  private static final int K = 5;
  private static final int QUERIES = 30;

  @TempDir Path folder;

  @Test
  void isGivenTheDataAndJudgedByItsAnswers() throws Exception {
    DataSet set = new NamedSets(new DataFolder(folder)).get("random-1k-8");

    List<Row> rows = run(set, answers(set, 0));

    Row sweep = rows.getFirst();
    assertThat(sweep.engine()).isEqualTo("mine");
    assertThat(sweep.config()).containsEntry("m", "16");
    assertThat(sweep.knob()).isEqualTo(40);
    assertThat(sweep.recall()).isEqualTo(1);
    assertThat(sweep.qps()).isEqualTo(1_000);
    assertThat(rows.getLast().atRecall()).isEqualTo(0.9);
    Path base = folder.resolve("base.fvecs");
    assertThat(Files.size(base)).isEqualTo(1_000L * (4 + 8 * 4));
    assertThat(Files.size(folder.resolve("query.fvecs"))).isEqualTo(QUERIES * (4 + 8 * 4L));
  }

  @Test
  void wrongAnswersAreCaught() throws Exception {
    DataSet set = new NamedSets(new DataFolder(folder)).get("random-1k-8");

    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> run(set, answers(set, 1_000)));
  }

  @Test
  void refusesOutputThatIsNotJson() throws Exception {
    DataSet set = new NamedSets(new DataFolder(folder)).get("random-1k-8");
    Path program = Files.writeString(folder.resolve("talks.sh"), "#!/bin/sh\necho loading\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new ExternalEngine(program, plan()).run(set, folder))
        .withMessageContaining("must be JSON lines but has 'loading'");
  }

  /** Runs a script that takes its answers from a file and says {@code qps} is 1,000. */
  private List<Row> run(DataSet set, Path answers) throws Exception {
    Path program = folder.resolve("mine.sh");
    Files.writeString(
        program,
        """
        #!/bin/sh
        test "$1 $3 $5 $6 $7 $8 $9" = "--base --query --metric euclidean --k 5 --threads" || exit 9
        cp %s "${14}/answers-40.ivecs"
        echo '{"engine":"mine","version":"1","config":{"m":"16"},"buildSeconds":2.5,"buildCpuSeconds":4,"buildPeakBytes":9,"diskBytes":8000,"residentBytes":16000,"openMillis":1}'
        echo '{"knob":40,"answers":"answers-40.ivecs","qps":1000,"slowestQps":900,"p50Micros":900,"p99Micros":1900,"p999Micros":2900,"cpuMicrosPerQuery":990}'
        """
            .formatted(answers));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    AnnPlan plan = plan();
    return new ExternalEngine(program, plan)
        .run(set, folder)
        .rows(RowFacts.of(set, plan), plan.search().recalls());
  }

  private AnnPlan plan() {
    return new AnnPlan(K, SearchPlan.until(0.9, QUERIES), 2, Map.of(), 256, folder, null);
  }

  /** The true answers, each id moved by {@code shift}. */
  private Path answers(DataSet set, int shift) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(QUERIES * (K + 1) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int[][] truth = set.truthIds();
    for (int q = 0; q < QUERIES; q++) {
      bytes.putInt(K);
      for (int i = 0; i < K; i++) {
        bytes.putInt(truth[q][i] + shift);
      }
    }
    return Files.write(folder.resolve("prepared.ivecs"), bytes.array());
  }
}
