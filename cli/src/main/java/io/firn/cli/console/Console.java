package io.firn.cli.console;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command speaks: answers go to {@link #out}, everything else to {@link #err}. For one
 * thread.
 */
public final class Console {

  private final PrintWriter out;
  private final PrintWriter err;
  private final @Nullable PrintStream bars;
  private boolean json;

  /**
   * @param bars the terminal that shows progress bars; null for plain lines on {@code err}
   */
  public Console(PrintWriter out, PrintWriter err, @Nullable PrintStream bars) {
    this.out = out;
    this.err = err;
    this.bars = bars;
  }

  /** The process's own streams, in UTF-8 whatever the locale. */
  public static Console ofProcess() {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    var err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Console(
        new PrintWriter(out, true, StandardCharsets.UTF_8),
        new PrintWriter(err, true, StandardCharsets.UTF_8),
        StandardError.isTerminal() ? err : null);
  }

  public PrintWriter out() {
    return out;
  }

  public PrintWriter err() {
    return err;
  }

  /** Whether answers are JSON, for a program, instead of lines, for a person. */
  public boolean json() {
    return json;
  }

  public void setJson(boolean json) {
    this.json = json;
  }

  /** A line for a person; says nothing when answers are JSON. */
  public void say(String line) {
    if (!json) {
      out.println(line);
    }
  }

  /**
   * The answer for a program, as in {@link #object}; says nothing when answers are for a person.
   */
  public void answer(@Nullable Object... namesAndValues) {
    if (json) {
      out.println(toJson(object(namesAndValues)));
    }
  }

  /** A JSON object whose fields keep this order: name, value, name, value. */
  public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  /** One JSON object on one line. */
  static String toJson(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  /** Progress of something long; close it when it ends. */
  public ProgressLine progress(String task, String unit, long total) {
    return bars == null
        ? new PlainProgress(err, task, unit, total)
        : new BarProgress(bars, task, unit, total);
  }

  /** What a person types, if there is one: standard input and output are a terminal. */
  public @Nullable BufferedReader questions() {
    return json || !StandardError.isPersonThere()
        ? null
        : new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }
}
