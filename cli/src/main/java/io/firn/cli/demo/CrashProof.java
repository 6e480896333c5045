package io.firn.cli.demo;

import io.firn.Collection;
import io.firn.Database;
import io.firn.Firn;
import io.firn.cli.console.Console;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Kills a writing child process at random moments and counts what is there afterwards: every
 * acknowledged row must be, and beyond them at most the one batch that was being written, whole.
 */
final class CrashProof {

  private final Console console;
  private final Path folder;
  private final SplittableRandom random;
  private final long seed;

  CrashProof(Console console, Path folder, long seed) {
    this.console = console;
    this.folder = folder;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /**
   * What the kills showed.
   *
   * @param acknowledged rows that the killed processes had been told are safe
   * @param found rows there at the end
   * @param failure the first thing that was wrong, or null
   */
  record Outcome(int kills, long acknowledged, long found, long seed, @Nullable String failure) {
    String inWords() {
      return failure == null
          ? "killed %d times: %,d rows acknowledged, every one there, nothing else"
              .formatted(kills, acknowledged)
          : "FAILED: " + failure;
    }
  }

  Outcome run(int kills) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(folder, "firn-crash-");
    try {
      long found = 0;
      long acknowledged = 0;
      for (int kill = 1; kill <= kills; kill++) {
        KilledWriter.Words words = KilledWriter.run(directory, found, random.split());
        acknowledged = words.acked();
        found = count(directory);
        String failure = check(directory, words, found);
        console.say(
            "  kill %d after %,d ms: %,d rows acknowledged, %s"
                .formatted(
                    kill,
                    words.millis(),
                    acknowledged,
                    failure == null ? describe(words, found) : failure));
        if (failure != null) {
          return new Outcome(kill, acknowledged, found, seed, failure);
        }
      }
      return new Outcome(kills, acknowledged, found, seed, null);
    } finally {
      delete(directory);
    }
  }

  private static String describe(KilledWriter.Words words, long found) {
    return found == words.acked()
        ? "every one there, nothing else"
        : "every one there, and the whole batch of %d that was on its way"
            .formatted(found - words.acked());
  }

  static long count(Path directory) {
    try (Database database = Firn.open(directory)) {
      return database.collection(CrashRow.COLLECTION, CrashRow.SPEC).count();
    }
  }

  /** Null if all is as it must be. */
  static @Nullable String check(Path directory, KilledWriter.Words words, long found) {
    if (found != words.acked() && found != words.writing()) {
      return "%,d rows are there, which is neither what was acknowledged nor a whole batch more"
          .formatted(found);
    }
    try (Database database = Firn.open(directory)) {
      Collection rows = database.collection(CrashRow.COLLECTION);
      for (long number = 0; number < found; number++) {
        if (!rows.get(number).filter(CrashRow.of(number)::equals).isPresent()) {
          return "row %d is missing or changed".formatted(number);
        }
      }
      return null;
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
