package io.firn.bench.report;

import io.firn.bench.measure.Row;
import io.firn.bench.measure.RowFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes {@code index.html} and its pictures beside the rows they are made of. */
public final class Report {

  private Report() {}

  /**
   * Reports {@code folder}'s {@code ann.jsonl}.
   *
   * @param recalls at which the tables have lines
   * @param command that measures anew, to print
   * @return the files written
   */
  public static List<Path> write(Path folder, List<Double> recalls, String command)
      throws IOException {
    System.setProperty("java.awt.headless", "true"); // before the first picture
    Path file = folder.resolve("ann.jsonl");
    Runs runs = Runs.of(RowFile.runs(file, Row.class));
    if (runs.rows().isEmpty()) {
      throw new IOException(
          "%s must hold a machine and rows but has none: there is nothing to report. Run bench ann --out %s first."
              .formatted(file, folder));
    }
    Map<String, byte[]> pictures = Pictures.of(runs);
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
      written.add(Files.write(folder.resolve(picture.getKey()), picture.getValue()));
    }
    String html = Page.of(runs, recalls, pictures, command);
    written.add(Files.writeString(folder.resolve("index.html"), html));
    return written;
  }
}
