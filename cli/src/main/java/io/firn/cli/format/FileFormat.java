package io.firn.cli.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats, each named by its extension. */
enum FileFormat {
  FVECS(ElementType.FLOAT32, true, false),
  BVECS(ElementType.UINT8, true, false),
  IVECS(ElementType.INT32, false, true),
  FBIN(ElementType.FLOAT32, true, false),
  U8BIN(ElementType.UINT8, true, false),
  I8BIN(ElementType.INT8, true, false),
  IBIN(ElementType.INT32, false, true),
  /** The header names the element type; the one here is not used. */
  NPY(ElementType.FLOAT32, true, true);

  private final ElementType type;
  private final boolean vectors;
  private final boolean intLists;

  FileFormat(ElementType type, boolean vectors, boolean intLists) {
    this.type = type;
    this.vectors = vectors;
    this.intLists = intLists;
  }

  static FileFormat ofVectors(Path file) {
    return of(file, Arrays.stream(values()).filter(f -> f.vectors).toArray(FileFormat[]::new));
  }

  static FileFormat ofIntLists(Path file) {
    return of(file, Arrays.stream(values()).filter(f -> f.intLists).toArray(FileFormat[]::new));
  }

  /** Reads the header and checks it against the file's length. */
  RowLayout layout(Path file, FileChannel channel) throws IOException {
    return switch (this) {
      case FVECS, BVECS, IVECS -> VecsHeader.read(file, channel, type);
      case FBIN, U8BIN, I8BIN, IBIN -> BinHeader.read(file, channel, type);
      case NPY -> NpyHeader.read(file, channel);
    };
  }

  private static FileFormat of(Path file, FileFormat[] allowed) {
    String name = String.valueOf(file.getFileName());
    String extension = name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    for (FileFormat format : allowed) {
      if (format.name().equals(extension)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "extension of %s must be one of %s but is '%s': the extension names the format. Rename or convert the file."
            .formatted(
                file,
                Arrays.stream(allowed)
                    .map(f -> f.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ")),
                extension.toLowerCase(Locale.ROOT)));
  }
}
