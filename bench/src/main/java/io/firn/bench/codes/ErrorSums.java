package io.firn.bench.codes;

import java.util.Arrays;

/** Errors of estimates, summed up. */
final class ErrorSums {

  private static final int BINS_PER_DEVIATION = 100;

  private final int[] histogram = new int[10 * BINS_PER_DEVIATION];
  private int count;
  private double squares;
  private int rotations;
  private int before;
  private double rotationSum;
  private double sumOfMeans;
  private double squaresOfMeans;

  /**
   * @param normalised the error in units of the product of both lengths and 1/√(D-1)
   * @param inDeviations the error in stated deviations
   */
  void add(double normalised, double inDeviations) {
    squares += normalised * normalised;
    rotationSum += inDeviations;
    int bin = (int) (Math.abs(inDeviations) * BINS_PER_DEVIATION);
    histogram[Math.min(bin, histogram.length - 1)]++;
    count++;
  }

  /** Errors under one rotation are not independent: the means of rotations are the sample. */
  void endRotation() {
    double mean = rotationSum / (count - before);
    sumOfMeans += mean;
    squaresOfMeans += mean * mean;
    rotations++;
    before = count;
    rotationSum = 0;
  }

  double deviation() {
    return Math.sqrt(squares / count);
  }

  double meanInStandardErrors() {
    double mean = sumOfMeans / rotations;
    double variance = (squaresOfMeans / rotations - mean * mean) / (rotations - 1);
    return mean / Math.sqrt(variance);
  }

  double beyond(double deviations) {
    int from = (int) (deviations * BINS_PER_DEVIATION);
    return (double) Arrays.stream(histogram, from, histogram.length).sum() / count;
  }
}
