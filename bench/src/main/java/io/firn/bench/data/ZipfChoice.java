package io.firn.bench.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Choices of {@code 0..n-1}, number i with a probability in proportion to (i + 1)^-exponent. */
final class ZipfChoice {

  private final double[] upTo; // sums of the probabilities

  ZipfChoice(int n, double exponent) {
    upTo = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.pow(i + 1, -exponent);
      upTo[i] = sum;
    }
  }

  int next(SplittableRandom random) {
    int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return Math.min(at < 0 ? -at - 1 : at, upTo.length - 1);
  }
}
