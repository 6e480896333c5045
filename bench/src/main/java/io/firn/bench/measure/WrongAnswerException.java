package io.firn.bench.measure;

/** An engine answered what no correct engine can answer. Its speed is then of no interest. */
public final class WrongAnswerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** As a child process reported it. */
  WrongAnswerException(String reported) {
    super(reported);
  }

  WrongAnswerException(int query, String what, String rule, Object value, String why) {
    super(
        "%s of query %d must be %s but is %s: %s. The run stops; no speed of this engine is reported."
            .formatted(what, query, rule, value, why));
  }
}
