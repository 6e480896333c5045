package io.firn.cli;

import io.firn.cli.console.StandardError;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * What the launcher script starts: takes stderr back from the script's filter, then runs the main
 * class that is the first argument with the others.
 */
final class Start {

  private Start() {}

  public static void main(String[] arguments) throws Throwable {
    StandardError.takeBack();
    String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
    try {
      Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
