package io.firn.cli.format;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of the dictionary in an npy header: exactly the keys descr, fortran_order and
 * shape, each once, in any order; nothing of Python beyond that is understood.
 */
final class NpyText {

  private final Path file;
  private final int textAt;
  private final String text;
  private int at;

  private @Nullable ElementType type;
  private boolean orderSeen;
  private long @Nullable [] shape;

  NpyText(Path file, int textAt, String text) {
    this.file = file;
    this.textAt = textAt;
    this.text = text;
  }

  NpyArray parse() throws MalformedFileException {
    expect('{');
    while (!accept('}')) {
      entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpace();
    if (at != text.length()) {
      throw refuse("text after the dictionary", "blank", text.substring(at));
    }
    if (type == null || !orderSeen || shape == null) {
      throw refuse("dictionary", "complete with descr, fortran_order and shape", text.strip());
    }
    long count = shape.length == 1 ? 1 : shape[0];
    int width = RowLayout.checkedWidth(file, textAt, shape[shape.length - 1]);
    return new NpyArray(type, count, width);
  }

  private void entry() throws MalformedFileException {
    int keyAt = at;
    String key = quoted();
    expect(':');
    switch (key) {
      case "descr" -> {
        refuseSecond(key, type != null);
        type = elementType(quoted());
      }
      case "fortran_order" -> {
        refuseSecond(key, orderSeen);
        rowMajor();
        orderSeen = true;
      }
      case "shape" -> {
        refuseSecond(key, shape != null);
        shape = tuple();
      }
      default -> {
        at = keyAt;
        throw refuse("key", "descr, fortran_order or shape", key);
      }
    }
  }

  private void refuseSecond(String key, boolean seen) throws MalformedFileException {
    if (seen) {
      throw refuse("key " + key, "given once", "given twice");
    }
  }

  private ElementType elementType(String descr) throws MalformedFileException {
    return switch (descr) {
      case "<f4" -> ElementType.FLOAT32;
      case "<f8" -> ElementType.FLOAT64;
      case "|u1" -> ElementType.UINT8;
      case "|i1" -> ElementType.INT8;
      case "<i4" -> ElementType.INT32;
      default -> throw refuse("descr", "<f4, <f8, |u1, |i1 or <i4", descr);
    };
  }

  private void rowMajor() throws MalformedFileException {
    skipSpace();
    if (!text.startsWith("False", at)) {
      throw refuse("fortran_order", "False", rest());
    }
    at += "False".length();
  }

  /** One or two lengths: {@code (5,)}, {@code (3, 4)} or {@code (3, 4,)}. */
  private long[] tuple() throws MalformedFileException {
    expect('(');
    long first = number();
    expect(',');
    if (accept(')')) {
      return new long[] {first};
    }
    long second = number();
    accept(',');
    if (!accept(')')) {
      throw refuse("shape", "of one or two dimensions", rest());
    }
    return new long[] {first, second};
  }

  private long number() throws MalformedFileException {
    skipSpace();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start || at - start > 18) { // 18 digits always fit a long
      at = start;
      throw refuse("length in shape", "a number of 1..18 digits", rest());
    }
    return Long.parseLong(text, start, at, 10);
  }

  private String quoted() throws MalformedFileException {
    expect('\'');
    int end = text.indexOf('\'', at);
    if (end < 0) {
      throw refuse("string", "closed by '", rest());
    }
    String inside = text.substring(at, end);
    at = end + 1;
    return inside;
  }

  private boolean accept(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char wanted) throws MalformedFileException {
    if (!accept(wanted)) {
      throw refuse("next character", "'" + wanted + "'", rest());
    }
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private String rest() {
    return "'" + text.substring(at) + "'";
  }

  private MalformedFileException refuse(String what, String rule, String value) {
    String printable = value.replaceAll("[^ -~]", "?");
    return NpyHeader.malformed(
        file,
        textAt + (long) at,
        what,
        rule,
        printable.length() <= 80 ? printable : printable.substring(0, 80) + "…");
  }
}
