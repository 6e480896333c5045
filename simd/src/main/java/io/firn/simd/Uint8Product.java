package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Inner product of a float32 query and rows of unsigned 8-bit codes: the sum of {@code query[i] *
 * code[i]}, codes 0 to 255. Stateless and safe for any thread.
 *
 * <p>A code stands for {@code lower + step * code}, so for a query {@code q}: {@code ⟨q, row⟩ =
 * lower * Σq + step * product}. Lanes are summed in no fixed order. A {@code dimension} that is a
 * multiple of 16 has no slow tail.
 */
public final class Uint8Product {

  private static final Uint8Kernel TWIN = new Uint8Scalar();
  private static final Uint8Kernel KERNEL = Kernels.VECTORIZED ? new Uint8Vector() : TWIN;

  private Uint8Product() {}

  /**
   * Returns the product of a query and a row of codes.
   *
   * @param query at least {@code dimension} floats
   * @param codes bytes that hold the row at {@code offset}, one byte for a dimension
   * @throws IndexOutOfBoundsException if the row leaves its segment
   */
  public static float product(float[] query, MemorySegment codes, long offset, int dimension) {
    Rows.check(query, dimension);
    Rows.check(codes, offset, dimension);
    Uint8Kernel chosen = codes.isNative() ? KERNEL : TWIN;
    float product = chosen.one(query, codes, offset, dimension);
    Rows.keepAlive(codes);
    return product;
  }

  /**
   * Writes the products of a query and four rows to {@code products[at]} to {@code products[at +
   * 3]}; faster than four calls.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment or a result its array
   */
  public static void product4(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] products,
      int at) {
    Rows.check(query, dimension);
    Rows.check(codes, offset0, offset1, offset2, offset3, dimension);
    Objects.checkFromIndexSize(at, 4, products.length);
    Uint8Kernel chosen = codes.isNative() ? KERNEL : TWIN;
    chosen.four(query, codes, offset0, offset1, offset2, offset3, dimension, products, at);
    Rows.keepAlive(codes);
  }
}
