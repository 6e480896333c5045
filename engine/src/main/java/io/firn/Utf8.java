package io.firn;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings that survive the way to disk and back: UTF-8, and nothing that has no form in it. */
final class Utf8 {

  private Utf8() {}

  static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Returns {@code text} if it can be encoded. A lone surrogate cannot: the usual encoder writes a
   * question mark for it, and two different strings would become one.
   */
  static String checked(String what, String text) {
    try {
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return text;
    } catch (CharacterCodingException _) {
      throw new FirnException.InvalidInput(
          "%s must be valid Unicode but has an unpaired surrogate: it has no UTF-8 form and would come back as another string. Remove it."
              .formatted(what));
    }
  }
}
