package io.firn.cli.demo;

import io.firn.Collection;
import io.firn.Database;
import io.firn.Firn;
import io.firn.Row;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * The child process of the crash proof: writes rows in batches of random size until it is killed.
 * Before a batch it prints {@code writing N}, after it {@code acked N}; N rows are then there.
 */
final class CrashWriter {

  private static final int MAX_BATCH_ROWS = 64;

  private CrashWriter() {}

  /**
   * Writes until it is killed, or its parent is gone.
   *
   * @param arguments directory, rows that are there, seed of the batch sizes
   */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    long next = Long.parseLong(arguments[1]);
    var random = new SplittableRandom(Long.parseLong(arguments[2]));
    try (Database database = Firn.open(Path.of(arguments[0]))) {
      Collection rows = database.collection(CrashRow.COLLECTION, CrashRow.SPEC);
      while (!out.checkError()) { // a parent that is gone ends this too
        long end = next + 1 + random.nextInt(MAX_BATCH_ROWS);
        List<Row> batch = LongStream.range(next, end).mapToObj(CrashRow::of).toList();
        out.println("writing " + end);
        out.flush();
        rows.upsertAll(batch);
        out.println("acked " + end);
        out.flush();
        next = end;
      }
    }
  }
}
