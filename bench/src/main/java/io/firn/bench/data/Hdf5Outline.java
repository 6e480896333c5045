package io.firn.bench.data;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a file of ann-benchmarks says about itself, found by jhdf and believed only as far as the
 * file's bytes reach.
 *
 * <p>HDF5 is a graph of addresses. In a damaged file they lead in circles or to blocks of any
 * claimed length, and jhdf follows them. So it sees the file as one mapped buffer, in which a block
 * longer than the file is an error and not an array, and works in a thread whose buffer is taken
 * away at a deadline. It never reads the matrices.
 *
 * @param distance attribute of that name, "none" if there is no such text
 */
record Hdf5Outline(Hdf5Matrix train, Hdf5Matrix test, String distance) {

  /** An honest outline takes milliseconds; this leaves room for a slow disk. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** Reads the outline of an open file; {@code file} is only named in errors. */
  static Hdf5Outline read(FileChannel channel, Path file) throws IOException {
    return read(channel, file, DEADLINE);
  }

  static Hdf5Outline read(FileChannel channel, Path file, Duration deadline) throws IOException {
    try (Arena arena = Arena.ofShared()) { // its end also ends a thread that is still reading
      FutureTask<Hdf5Outline> reading = new FutureTask<>(() -> outline(open(channel, arena)));
      Thread.ofPlatform().daemon().name("hdf5-outline").start(reading);
      return reading.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) { // jhdf has no checked exceptions, and recursion has an end
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      throw unreadable(file, why, cause);
    } catch (TimeoutException e) {
      throw unreadable(file, "finding its matrices takes more than " + deadline, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading " + file, e);
    }
  }

  /**
   * A file of 2 GiB and more does not fit into one buffer; there jhdf allocates what it reads,
   * which is less than 2 GiB by its own types and so less than the file.
   */
  private static HdfFile open(FileChannel channel, Arena arena) throws IOException {
    long bytes = channel.size();
    return bytes > Integer.MAX_VALUE
        ? new HdfFile(channel)
        : HdfFile.fromByteBuffer(
            channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena).asByteBuffer());
  }

  private static Hdf5Outline outline(HdfFile hdf) {
    return new Hdf5Outline(
        Hdf5Matrix.find(hdf, "train"), Hdf5Matrix.find(hdf, "test"), distance(hdf));
  }

  /** Only one text: an array of them could claim any length. */
  private static String distance(HdfFile hdf) {
    Attribute distance = hdf.getAttribute("distance");
    boolean text =
        distance != null && distance.isScalar() && distance.getJavaType() == String.class;
    return text ? String.valueOf(distance.getData()) : "none";
  }

  private static IOException unreadable(Path file, String why, Throwable cause) {
    return new IOException(
        "%s must be an ann-benchmarks HDF5 file but is not readable as one: %s. Fetch it again."
            .formatted(file, why),
        cause);
  }
}
