package io.firn.store;

/**
 * What this process has had read from devices, as Linux counts it for a process: by page faults, by
 * advice and by reads of files alike. Stateless; any thread.
 */
public final class DeviceReads {

  private static final long BLOCKS_AT = 88; // ru_inblock of struct rusage
  private static final long BLOCK_BYTES = 512;

  private DeviceReads() {}

  /** Bytes so far; always 0 where nobody counts. Takes microseconds. */
  public static long bytes() {
    return Posix.usage(BLOCKS_AT) * BLOCK_BYTES;
  }
}
