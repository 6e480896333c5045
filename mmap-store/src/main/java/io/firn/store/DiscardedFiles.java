package io.firn.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes files that no commit refers to any more, at once or as soon as nobody holds them: whoever
 * copies a database reads files of a state that is gone meanwhile. Safe for any thread.
 */
final class DiscardedFiles {

  private static final System.Logger LOG = System.getLogger(DiscardedFiles.class.getName());

  private final Io io;
  private final List<Path> waiting = new ArrayList<>();
  private int holds;

  DiscardedFiles(Io io) {
    this.io = io;
  }

  /** Keeps every file in its place until the result is closed, whatever is discarded. */
  synchronized Closeable hold() {
    holds++;
    return new Closeable() {
      private boolean released;

      @Override
      public void close() {
        synchronized (DiscardedFiles.this) {
          if (!released) {
            released = true;
            release();
          }
        }
      }
    };
  }

  private void release() {
    holds--;
    if (holds == 0) {
      waiting.forEach(this::deleteLate);
      waiting.clear();
    }
  }

  /** Whoever held it has done its work: what cannot be deleted is left to the next opening. */
  private void deleteLate(Path file) {
    try {
      if (io.exists(file)) { // it may have been discarded twice
        io.delete(file);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, () -> "could not delete " + file, e);
    }
  }

  /** In the lock, so that a hold that comes now finds the file, or finds it gone. */
  synchronized void discard(Path file) throws IOException {
    if (holds > 0) {
      waiting.add(file);
    } else {
      io.delete(file);
    }
  }
}
