package io.firn.recovery;

import io.firn.FirnException;
import io.firn.Options;
import io.firn.VerifyReport;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import io.firn.write.Engine;
import io.firn.write.Failures;
import io.firn.write.References;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Brings a backup back: copies it, comparing every byte with its checksum, opens the copy and
 * verifies that its parts belong together; only then the copy gets its name. Of the backup nothing
 * but its LOCK is written.
 */
public final class Restoring {

  private final Path backup;
  private @Nullable VerifyReport found;

  private Restoring(Path backup) {
    this.backup = backup;
  }

  /** Restores {@code backup} to {@code target}, which must be absent or an empty directory. */
  public static VerifyReport run(Path backup, Path target) {
    return run(backup, target, Io.system());
  }

  /** As {@link #run(Path, Path)}, with all file access through {@code io}. */
  public static VerifyReport run(Path backup, Path target, Io io) {
    var restoring = new Restoring(backup);
    try (DatabaseDirectory source = DatabaseDirectory.open(backup, false, io)) {
      References.copy(source).atRest(target, restoring::verify);
    } catch (IOException e) {
      throw Failures.of(e);
    }
    return java.util.Objects.requireNonNull(restoring.found);
  }

  private void verify(DatabaseDirectory copy) throws IOException {
    VerifyReport report;
    try (Engine engine = Opening.open(copy, Options.DEFAULT, System.nanoTime())) {
      report = Verification.run(engine);
    }
    if (!report.ok()) {
      throw new FirnException.Corrupt(
          "%s must be whole to be restored but is not: %s Choose an older backup."
              .formatted(backup, report.problems().getFirst()),
          null);
    }
    found = report;
  }
}
