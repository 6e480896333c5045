package io.firn.quantization;

import java.util.SplittableRandom;

/** FHT-Kac. */
final class Rotation {
  private final int length;
  private final float[][] signs = new float[4][];

  Rotation(int dimension, long seed) {
    length = Math.ceilDiv(dimension, 64) * 64;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 4; round++) {
      signs[round] = new float[length];
      for (int i = 0; i < length; i++) {
        signs[round][i] = random.nextBoolean() ? 1 : -1;
      }
    }
  }

  int length() {
    return length;
  }

  void rotate(float[] v) {
    int power = Integer.highestOneBit(length);
    float norm = (float) (1 / Math.sqrt(power));
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < length; i++) {
        v[i] *= signs[round][i];
      }
      int at = round % 2 == 0 ? 0 : length - power;
      for (int h = 1; h < power; h *= 2) {
        for (int i = 0; i < power; i += 2 * h) {
          for (int j = at + i; j < at + i + h; j++) {
            float x = v[j];
            float y = v[j + h];
            v[j] = x + y;
            v[j + h] = x - y;
          }
        }
      }
      for (int i = at; i < at + power; i++) {
        v[i] *= norm;
      }
      if (power != length) {
        float half = (float) Math.sqrt(0.5);
        for (int i = 0; i < length / 2; i++) {
          float x = v[i];
          float y = v[i + length / 2];
          v[i] = half * (x + y);
          v[i + length / 2] = half * (x - y);
        }
      }
    }
  }

  void invert(float[] v) {
    int power = Integer.highestOneBit(length);
    float norm = (float) (1 / Math.sqrt(power));
    for (int round = 3; round >= 0; round--) {
      if (power != length) {
        float half = (float) Math.sqrt(0.5);
        for (int i = 0; i < length / 2; i++) {
          float x = v[i];
          float y = v[i + length / 2];
          v[i] = half * (x + y);
          v[i + length / 2] = half * (x - y);
        }
      }
      int at = round % 2 == 0 ? 0 : length - power;
      for (int h = 1; h < power; h *= 2) {
        for (int i = 0; i < power; i += 2 * h) {
          for (int j = at + i; j < at + i + h; j++) {
            float x = v[j];
            float y = v[j + h];
            v[j] = x + y;
            v[j + h] = x - y;
          }
        }
      }
      for (int i = at; i < at + power; i++) {
        v[i] *= norm;
      }
      for (int i = 0; i < length; i++) {
        v[i] *= signs[round][i];
      }
    }
  }
}
