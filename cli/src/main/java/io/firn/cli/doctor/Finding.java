package io.firn.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing about the machine.
 *
 * @param name what was looked at
 * @param value what is there
 * @param advice what to do about it; null if all is well
 */
public record Finding(String name, String value, @Nullable String advice) {

  static Finding well(String name, String value) {
    return new Finding(name, value, null);
  }
}
