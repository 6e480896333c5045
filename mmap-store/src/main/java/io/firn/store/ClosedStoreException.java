package io.firn.store;

/** Use of a store after its {@code close}, or of a transaction after its function returned. */
public final class ClosedStoreException extends IllegalStateException {

  ClosedStoreException(String what) {
    super("%s must be open but is closed. Open it again.".formatted(what));
  }
}
