package io.firn.bench.codes;

import java.util.Locale;

/**
 * What one kind of code does on one set.
 *
 * @param recalls recall@10 after reranking 10 + {@link CodeMeasurement#EXTRA} candidates
 */
@SuppressWarnings("ArrayRecordComponent") // printed, never compared
record CodeRow(
    String code,
    double bytesPerRow,
    double[] recalls,
    double encodedPerSecond,
    double estimateNanos) {

  static final String HEADER =
      "| code | bytes/vector | recall@10 | +10 | +50 | +100 | encode vectors/s | estimate ns |%n|---|---|---|---|---|---|---|---|"
          .formatted();

  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.3f | %.3f | %.3f | %.3f | %,.0f | %.1f |",
        code,
        bytesPerRow,
        recalls[0],
        recalls[1],
        recalls[2],
        recalls[3],
        encodedPerSecond,
        estimateNanos);
  }
}
