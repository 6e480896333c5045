package io.firn.cli.doctor;

import io.firn.cli.console.Sizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The disk under a database.
 *
 * @param folder an existing folder on it
 */
record Disk(SystemFiles system, Path folder) {

  private static final Set<String> REMOTE =
      Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.s3fs", "glusterfs");
  private static final int FORCES = 40;
  private static final long LOW_SPACE_BYTES = 1L << 30;

  Finding fileSystem() throws IOException {
    FileStore store = Files.getFileStore(folder);
    String type = store.type();
    String value = "%s at %s".formatted(type, folder);
    if (REMOTE.contains(type)) {
      return new Finding(
          "file system",
          value,
          "LMDB's locks and maps are not safe over a network. Put the database on a local disk.");
    }
    return type.equals("tmpfs") || type.equals("ramfs")
        ? new Finding("file system", value, "It is memory: a restart of the machine empties it.")
        : Finding.well("file system", value);
  }

  Finding space() throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    return free < LOW_SPACE_BYTES
        ? new Finding(
            "free space",
            Sizes.text(free),
            "Optimizing writes a second copy before the first goes. Free some space.")
        : Finding.well("free space", Sizes.text(free));
  }

  /** Firn switches it off for its own maps, so a high value needs no advice. */
  Finding readAhead() {
    Optional<Long> kibibytes = device().flatMap(d -> system.number(d + "/queue/read_ahead_kb"));
    return Finding.well(
        "read-ahead",
        kibibytes.map("%,d KiB, off for Firn's segment files"::formatted).orElse("unknown"));
  }

  /** Where {@code /sys} describes the device; a partition has its queue one folder up. */
  private Optional<String> device() {
    try {
      long device = ((Number) Files.getAttribute(folder, "unix:dev")).longValue();
      long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
      long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
      String path = "sys/dev/block/%d:%d".formatted(major, minor);
      return Optional.of(
          Files.isDirectory(system.root().resolve(path + "/queue")) ? path : path + "/..");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      return Optional.empty(); // not Unix
    }
  }

  /** What a durable commit waits for. */
  Finding force() throws IOException {
    long[] nanos = forces();
    double median = nanos[FORCES / 2] / 1e6;
    String value =
        "median %.2f ms, slowest of %d %.2f ms".formatted(median, FORCES, nanos[FORCES - 1] / 1e6);
    if (median > 10) {
      return new Finding(
          "fsync",
          value,
          "Each durable commit waits for this. Write in batches or from several threads, or use Durability.interval.");
    }
    return median < 0.05
        ? new Finding(
            "fsync",
            value,
            "Faster than a disk can be: a cache answers. Make sure that it survives a power failure.")
        : Finding.well("fsync", value);
  }

  private long[] forces() throws IOException {
    Path file = Files.createTempFile(folder, "firn-doctor", ".tmp");
    var nanos = new long[FORCES];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FORCES; i++) {
        channel.write(ByteBuffer.allocate(4096), i * 4096L);
        long start = System.nanoTime();
        channel.force(false);
        nanos[i] = System.nanoTime() - start;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
