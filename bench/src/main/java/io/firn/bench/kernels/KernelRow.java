package io.firn.bench.kernels;

/**
 * One measurement of a kernel.
 *
 * @param variant how the JVM ran
 * @param place where the rows were: {@code cache} or {@code memory}
 * @param nanos of one operation: of the fastest of many short iterations, which nobody disturbed
 * @param medianNanos of one operation: of the iteration in the middle
 * @param allocatedBytes of one operation, on the heap
 */
public record KernelRow(
    String kernel,
    String variant,
    String place,
    int dimension,
    double nanos,
    double medianNanos,
    double allocatedBytes) {

  /** What a line of the table has in common. */
  String line() {
    return "| " + kernel + " | " + place + " | " + variant + " |";
  }
}
