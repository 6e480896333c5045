package io.firn.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process has had read from devices so far, as Linux counts it.
 *
 * @param bytes by reads, page faults and advice alike
 * @param waits page faults that had to wait for a device
 */
record DeviceReads(long bytes, long waits) {

  private static final Path IO = Path.of("/proc/self/io");
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final String READ = "read_bytes: ";
  private static final int MAJOR_FAULTS = 9; // among the fields behind the program's name

  static DeviceReads now() throws IOException {
    String read =
        Files.readAllLines(IO).stream()
            .filter(line -> line.startsWith(READ))
            .findAny()
            .orElseThrow(() -> new IOException(IO + " has no " + READ));
    String stat = Files.readString(STAT);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new DeviceReads(
        Long.parseLong(read.substring(READ.length())), Long.parseLong(fields[MAJOR_FAULTS]));
  }
}
