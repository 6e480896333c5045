package io.firn.cli.console;

import java.io.PrintStream;
import java.text.DecimalFormat;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal. */
final class BarProgress implements ProgressLine {

  private final ProgressBar bar;

  BarProgress(PrintStream terminal, String task, String unit, long total) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(" " + unit, 1)
            .showSpeed(new DecimalFormat("#,##0"))
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            // a fixed width: the library would start a process to ask the terminal for it
            .setConsumer(new ConsoleProgressBarConsumer(terminal, StandardError.columns() - 1))
            .build();
  }

  @Override
  public void at(long done) {
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}
