package io.firn.quantization;

/** Bytes of a quantizer that cannot have been written by one. Never retryable. */
public final class CorruptQuantizerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CorruptQuantizerException(String what, String rule, long value) {
    super(
        "%s must be %s but is %d: the quantizer's bytes are damaged. Train it again and encode the rows anew."
            .formatted(what, rule, value));
  }
}
