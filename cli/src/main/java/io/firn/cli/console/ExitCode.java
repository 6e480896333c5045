package io.firn.cli.console;

import io.firn.FirnException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command's exit code says. Scripts rely on the numbers: they never change their meaning.
 */
public enum ExitCode {
  DONE(0, "done"),
  BUG(1, "something that should not happen: please report it, with --debug"),
  USAGE(2, "the command line is wrong"),
  REFUSED(3, "input that cannot be meant, or contradicts what is stored"),
  NOT_FOUND(4, "no such database, collection, row or file"),
  LOCKED(5, "another process has the database open"),
  DAMAGED(6, "files are damaged, or verify found something"),
  STORAGE(7, "the file system refused: full disk, missing rights"),
  TOO_NEW(8, "a newer Firn wrote the database");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  /** Number and meaning of each, for the help. */
  public static Map<String, String> meanings() {
    var meanings = new LinkedHashMap<String, String>();
    for (ExitCode code : values()) {
      meanings.put(" " + code.number, code.meaning);
    }
    return meanings;
  }

  /** The code that a failure ends with. */
  static ExitCode of(Throwable failure) {
    return switch (failure) {
      case CommandFailure told -> told.exitCode();
      case FirnException.InvalidInput _ -> REFUSED;
      case FirnException.Conflict _ -> REFUSED;
      case FirnException.Outdated _ -> REFUSED;
      case FirnException.Cancelled _ -> REFUSED;
      case FirnException.NotFound _ -> NOT_FOUND;
      case FirnException.Locked _ -> LOCKED;
      case FirnException.Corrupt _ -> DAMAGED;
      case FirnException.Storage _ -> STORAGE;
      case FirnException.Unsupported _ -> TOO_NEW;
      case NoSuchFileException _ -> NOT_FOUND;
      case io.firn.cli.format.MalformedFileException _ -> REFUSED;
      case IOException _ -> STORAGE;
      default -> BUG;
    };
  }
}
