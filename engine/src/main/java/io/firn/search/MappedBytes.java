package io.firn.search;

import io.firn.FirnException;
import io.firn.store.CorruptFileException;
import io.firn.store.SegmentFile;

/** The look at a block's checksum before anything in it is believed, once for each block. */
final class MappedBytes {

  private MappedBytes() {}

  /**
   * Returns if these bytes of a payload are as they were written.
   *
   * @throws FirnException.Corrupt if not, naming file and block
   */
  static void requireSound(SegmentFile file, long from, long bytes) {
    try {
      file.requireSound(from, bytes);
    } catch (CorruptFileException e) {
      throw new FirnException.Corrupt(String.valueOf(e.getMessage()), e);
    }
  }
}
