package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.store.FileHandle;
import io.firn.store.ForwardingIo;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Files that bring a merge to a stop in the middle, for whatever is to happen meanwhile: merges are
 * paused by the merge itself as it creates its first file. A merge asks whether it is paused
 * between that and its end, so it cannot be too fast for whoever wants it halted, nor too slow.
 */
final class HaltedMerge extends ForwardingIo {

  private static final int PATIENCE_MINUTES = 10;

  private record Request(Database db, CountDownLatch done) {}

  private volatile @Nullable Request request;

  HaltedMerge(Io real) {
    super(real);
  }

  /** Lets the paused merges of {@code db} go on until one writes its files, and pauses it there. */
  void halt(Database db) {
    long before = db.engine().merges();
    var halted = new CountDownLatch(1);
    request = new Request(db, halted);
    db.resumeMerges();
    assertThat(await(halted)).as("a merge is writing").isTrue();
    assertThat(db.engine().merges()).as("merges that ended").isEqualTo(before);
  }

  @Override
  public FileHandle create(Path file) throws IOException {
    FileHandle created = super.create(file);
    Request asked = request;
    if (asked != null && Thread.currentThread().getName().equals("firn-merger")) {
      request = null;
      asked.db().pauseMerges();
      asked.done().countDown();
    }
    return created;
  }

  private static boolean await(CountDownLatch halted) {
    try {
      return halted.await(PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
