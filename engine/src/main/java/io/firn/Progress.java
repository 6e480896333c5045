package io.firn;

/** Hears how far a long operation has come. Called often; return quickly. */
@FunctionalInterface
public interface Progress {

  /**
   * Called when some more are done.
   *
   * @param done rows finished
   * @param total rows in all
   */
  void at(long done, long total);
}
