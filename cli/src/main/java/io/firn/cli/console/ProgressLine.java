package io.firn.cli.console;

/** Shows how far something long has come, with its rate and the remaining time. */
public interface ProgressLine extends AutoCloseable {

  /** Any thread may tell; what is shown follows a moment later. */
  void at(long done);

  @Override
  void close();
}
