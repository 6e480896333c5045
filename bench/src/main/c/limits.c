/*
 * What this machine can do, for the table of `firn bench kernels`: the same work as Firn's kernels
 * on the same shapes, in C, one thread, every kernel a call of its own.
 *
 *   cc -O3 -march=native -o limits limits.c && ./limits           AVX-512 where there is one
 *   cc -O3 -march=haswell -o limits2 limits.c && ./limits2        AVX2
 *
 * Prints Markdown: nanoseconds of one row, the fastest of many slices, as the Java side takes it.
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __AVX512F__
#define WIDTH 64
typedef __m512 floats;
#define widened(c) _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(c))))
#define fold(v) _mm512_reduce_add_ps(v)
#else
#define WIDTH 32
typedef __m256 floats;
#define widened(c) _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(c))))
static float fold(floats v) {
  __m128 x = _mm256_castps256_ps128(v) + _mm256_extractf128_ps(v, 1);
  x += _mm_movehl_ps(x, x);
  return x[0] + x[1];
}
#endif
#define LANES (WIDTH / 4)
#define BATCH 64
#define ORDER (1 << 20)
#define GIB (1L << 30)

static const int DIMENSIONS[] = {100, 128, 384, 768, 784, 1536};
static float *rows, *query;
static uint8_t *codes;
static int *order, dimension;
static long rows_mask;

/* four sums; n is a multiple of 16 */
#define ROW_KERNEL(name, term)                                                           \
  __attribute__((noinline)) static float name(const float *a, const float *b, int n) {   \
    floats s0 = {0}, s1 = s0, s2 = s0, s3 = s0;                                          \
    int i = 0;                                                                           \
    for (; i + 4 * LANES <= n; i += 4 * LANES) {                                         \
      const floats *x = (const floats *)(a + i), *y = (const floats *)(b + i);           \
      s0 += term(x[0], y[0]);                                                            \
      s1 += term(x[1], y[1]);                                                            \
      s2 += term(x[2], y[2]);                                                            \
      s3 += term(x[3], y[3]);                                                            \
    }                                                                                    \
    for (; i < n; i += LANES) s0 += term(*(const floats *)(a + i), *(const floats *)(b + i)); \
    return fold((s0 + s1) + (s2 + s3));                                                  \
  }
#define SQUARE(x, y) ((x) - (y)) * ((x) - (y))
#define PRODUCT(x, y) (x) * (y)
ROW_KERNEL(squared_l2, SQUARE)
ROW_KERNEL(product, PRODUCT)

/* float query and 8-bit codes */
__attribute__((noinline)) static float code_product(const float *q, const uint8_t *c, int n) {
  floats s0 = {0}, s1 = s0;
  int i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    s0 += *(const floats *)(q + i) * widened(c + i);
    s1 += *(const floats *)(q + i + LANES) * widened(c + i + LANES);
  }
  for (; i < n; i += LANES)
    s0 += *(const floats *)(q + i) * widened(c + i);
  return fold(s0 + s1);
}

#ifdef __AVX512VNNI__
/* VNNI multiplies unsigned by signed bytes; n is a multiple of 16, rows are padded to 64 */
__attribute__((noinline)) static int byte_product(const uint8_t *a, const int8_t *b, int n) {
  __m512i sum = _mm512_setzero_si512();
  for (int i = 0; i < n; i += 64)
    sum = _mm512_dpbusd_epi32(sum, _mm512_load_si512(a + i), _mm512_load_si512(b + i));
  return _mm512_reduce_add_epi32(sum);
}
#endif

#ifdef __AVX512VPOPCNTDQ__
/* one row of 1-bit codes and the four bit planes of a query, row by row */
__attribute__((noinline)) static int bit_product(const uint8_t *q, const uint8_t *row, int bytes) {
  __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;
  for (int i = 0; i < bytes; i += 64) {
    __mmask64 kept = bytes - i >= 64 ? ~0UL : ~0UL >> (64 - (bytes - i));
    __m512i x = _mm512_maskz_loadu_epi8(kept, row + i);
    s0 = _mm512_add_epi64(s0, _mm512_popcnt_epi64(_mm512_and_si512(x, _mm512_loadu_si512(q + i))));
    s1 = _mm512_add_epi64(s1, _mm512_popcnt_epi64(_mm512_and_si512(x, _mm512_loadu_si512(q + 256 + i))));
    s2 = _mm512_add_epi64(s2, _mm512_popcnt_epi64(_mm512_and_si512(x, _mm512_loadu_si512(q + 512 + i))));
    s3 = _mm512_add_epi64(s3, _mm512_popcnt_epi64(_mm512_and_si512(x, _mm512_loadu_si512(q + 768 + i))));
  }
  s0 = _mm512_add_epi64(s0, _mm512_slli_epi64(s1, 1));
  s2 = _mm512_add_epi64(_mm512_slli_epi64(s2, 2), _mm512_slli_epi64(s3, 3));
  return (int)_mm512_reduce_add_epi64(_mm512_add_epi64(s0, s2));
}
#endif

static double batch_l2(int from) {
  float sum = 0;
  for (int i = from; i < from + BATCH; i++)
    sum += squared_l2(query, rows + (order[i] & rows_mask) * dimension, dimension);
  return sum;
}
static double batch_product(int from) {
  float sum = 0;
  for (int i = from; i < from + BATCH; i++)
    sum += product(query, rows + (order[i] & rows_mask) * dimension, dimension);
  return sum;
}
static double batch_l2_prefetch(int from) {
  float sum = 0;
  for (int i = from; i < from + BATCH; i++) {
    const char *next = (const char *)(rows + (order[(i + 1) & (ORDER - 1)] & rows_mask) * dimension);
    for (int line = 0; line < 4 * dimension; line += 64) __builtin_prefetch(next + line);
    sum += squared_l2(query, rows + (order[i] & rows_mask) * dimension, dimension);
  }
  return sum;
}
static double batch_l2_dependent(int from) {
  float sum = 0;
  for (int i = from; i < from + BATCH; i++) {
    long bit = sum > 1e30f; /* never, but only the sum can tell */
    sum += squared_l2(query, rows + ((order[i] + bit) & rows_mask) * dimension, dimension);
  }
  return sum;
}
static double batch_codes(int from) {
  float sum = 0;
  for (int i = from; i < from + BATCH; i++)
    sum += code_product(query, codes + 2048 * (order[i] & 15), dimension);
  return sum;
}
#ifdef __AVX512VNNI__
static double batch_bytes(int from) {
  long sum = 0;
  for (int i = from; i < from + BATCH; i++)
    sum += byte_product(codes, (int8_t *)codes + 2048 * (order[i] & 15), dimension);
  return sum;
}
#endif
#ifdef __AVX512VPOPCNTDQ__
static double batch_bits(int from) {
  long sum = 0;
  for (int i = from; i < from + BATCH; i++)
    sum += bit_product(codes, codes + 2048 * (order[i] & 15), (dimension + 63) / 64 * 8);
  return sum;
}
#endif

static volatile double sink;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* the fastest of `slices` slices of 2 ms */
static void measure(const char *name, double (*batch)(int), int in_memory) {
  printf("| %s |", name);
  for (int d = 0; d < 6; d++) {
    dimension = (DIMENSIONS[d] + 15) & -16;
    rows_mask = 15;
    if (in_memory)
      while ((rows_mask + 1) * 2 * DIMENSIONS[d] * 4L <= GIB) rows_mask = 2 * rows_mask + 1;
    double best = 1e9;
    int at = 0;
    for (int slice = 0; slice < 300; slice++) {
      long start = now(), end = start, calls = 0;
      for (; end - start < 2000000; end = now(), calls += 4 * BATCH)
        for (int i = 0; i < 4; i++, at = (at + BATCH) & (ORDER - 1)) sink = batch(at);
      double nanos = (end - start) / (double)calls;
      if (nanos < best) best = nanos;
    }
    printf(" %.1f |", best);
    fflush(stdout);
  }
  printf("\n");
}

int main(void) {
  rows = aligned_alloc(2 << 20, GIB + GIB / 4);
  query = aligned_alloc(64, 1 << 16);
  codes = aligned_alloc(64, 1 << 16);
  order = malloc(ORDER * sizeof(int));
  srandom(1);
  for (int i = 0; i < 1 << 14; i++) query[i] = random() / 1073741824.f - 1;
  for (int i = 0; i < 1 << 16; i++) codes[i] = (uint8_t)random();
  for (long i = 0; i < GIB + GIB / 4; i += 1 << 16) memcpy((char *)rows + i, query, 1 << 16);
  for (int i = 0; i < ORDER; i++) order[i] = (int)random();
  printf("| C, %d-bit, ns |", 8 * WIDTH);
  for (int d = 0; d < 6; d++) printf(" d=%d |", DIMENSIONS[d]);
  printf("\n|---|---|---|---|---|---|---|\n");
  measure("squared L2, cache", batch_l2, 0);
  measure("inner product, cache", batch_product, 0);
  measure("float query x 8-bit codes, cache", batch_codes, 0);
#ifdef __AVX512VNNI__
  measure("int8 product (VNNI), cache", batch_bytes, 0);
#endif
#ifdef __AVX512VPOPCNTDQ__
  measure("1-bit x 4-bit query, row by row, cache", batch_bits, 0);
#endif
  measure("squared L2, 1 GiB, independent loads", batch_l2, 1);
  measure("squared L2, 1 GiB, with prefetch", batch_l2_prefetch, 1);
  measure("squared L2, 1 GiB, each row after the last", batch_l2_dependent, 1);
  return 0;
}
