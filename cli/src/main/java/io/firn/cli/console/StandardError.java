package io.firn.cli.console;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The process's stderr.
 *
 * <p>The JVM writes one line to stderr, before any Java code runs, when it is told to add the
 * Vector API's incubator module, and no option turns that off. The launcher script therefore starts
 * it with a filter for that line as stderr and keeps the real one as another file descriptor;
 * {@link #takeBack} makes that one stderr again, and the filter ends.
 */
public final class StandardError {

  private static final int STDERR = 2;

  private StandardError() {}

  /** Ends the launcher's filter; without the launcher, does nothing. */
  public static void takeBack() {
    Integer saved = Integer.getInteger("firn.stderr.saved");
    if (saved != null) {
      System.err.flush();
      duplicate(saved, STDERR);
    }
  }

  /** Whether a person looks at it. The launcher knows; without it, a terminal is one for all. */
  static boolean isTerminal() {
    String told = System.getProperty("firn.stderr.terminal");
    return told == null ? isPersonThere() : Boolean.parseBoolean(told);
  }

  /** Whether standard input and output are a terminal. */
  // Error Prone thinks of JDK 22 to 24: in 25 the console is null again if there is no terminal
  @SuppressWarnings("SystemConsoleNull")
  static boolean isPersonThere() {
    java.io.Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Width of the terminal. */
  static int columns() {
    int told = Integer.getInteger("firn.stderr.columns", 80);
    return Math.clamp(told, 40, 120);
  }

  // restricted: a wrong signature could crash the JVM; dup2 takes two ints and returns one
  @SuppressWarnings("restricted")
  private static void duplicate(int from, int to) {
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      int result = (int) dup2.invokeExact(from, to);
      assert result == to : "dup2 of an open descriptor succeeds";
    } catch (Throwable e) {
      throw new IllegalStateException("dup2 must be callable but is not", e);
    }
  }
}
