// The integer kernels for 64-bit x86 with AVX2. Unsigned bytes are multiplied by signed ones, so each product takes the
// weight's magnitude and the activation with the weight's sign: two such products, at most 2 * 128 * 127, fit 16 bits.
//
// Four rows at a time are decoded into codes of one byte, which stay in the nearest cache while they are multiplied with
// all vectors.

#include <immintrin.h>

#include "int8.h"

#define AVX2 __attribute__((target("avx2,fma,f16c")))

// Rows that are decoded at a time, and of these groups those that are fetched ahead.
enum { ROWS = 4, AHEAD = 2 };

// The 32 codes of a group, those of 4 bits as twice their values.
AVX2 INLINE __m256i codes(enum format format, const uint8_t *row, int64_t group) {
    if (format == Q8_0) {
        return _mm256_loadu_si256((const __m256i *) (row + 34 * group + 2));
    }
    const __m128i table = _mm_setr_epi8(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i pairs = _mm_loadu_si128((const __m128i *) (format == MXFP4 ? row + 17 * group + 1 : row + 16 * group));
    __m128i low = _mm_shuffle_epi8(table, _mm_and_si128(pairs, nibble));
    __m128i high = _mm_shuffle_epi8(table, _mm_and_si128(_mm_srli_epi16(pairs, 4), nibble));
    return format == MXFP4
        ? _mm256_set_m128i(high, low)
        : _mm256_set_m128i(_mm_unpackhi_epi8(low, high), _mm_unpacklo_epi8(low, high));
}

AVX2 INLINE float scale(enum format format, const uint8_t *row, const uint8_t *scale_row, int64_t group) {
    if (format == Q8_0) {
        uint16_t half;
        __builtin_memcpy(&half, row + 34 * group, 2);
        return _cvtsh_ss(half);
    }
    return 0.5f * e8m0(format == MXFP4 ? row[17 * group] : scale_row[group]);
}

// The integer dot product of a group, in eight parts.
AVX2 INLINE __m256i dot(const int8_t *w, const int8_t *x) {
    __m256i a = _mm256_loadu_si256((const __m256i *) w), b = _mm256_loadu_si256((const __m256i *) x);
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(a), _mm256_sign_epi8(b, a));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

// A decoded row times a vector.
AVX2 INLINE float multiply(const int8_t *w, const float *w_scales, const int8_t *x, const float *x_scales,
                           int64_t cols) {
    __m128 sums = _mm_setzero_ps();
    for (int64_t k = 0, g = 0; k < cols; k += 4 * GROUP, g += 4) {
        __m256i d01 = _mm256_hadd_epi32(dot(w + k, x + k), dot(w + k + 32, x + k + 32));
        __m256i d23 = _mm256_hadd_epi32(dot(w + k + 64, x + k + 64), dot(w + k + 96, x + k + 96));
        __m256i d = _mm256_hadd_epi32(d01, d23);
        __m128i dots = _mm_add_epi32(_mm256_castsi256_si128(d), _mm256_extracti128_si256(d, 1));
        __m128 scales = _mm_mul_ps(_mm_loadu_ps(w_scales + g), _mm_loadu_ps(x_scales + g));
        sums = _mm_fmadd_ps(_mm_cvtepi32_ps(dots), scales, sums);
    }
    __m128 pairs = _mm_add_ps(sums, _mm_movehl_ps(sums, sums));
    return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_movehdup_ps(pairs)));
}

AVX2 INLINE void product(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                         const struct input *x, const int32_t *index, int n, float *y, void *panel) {
    const int64_t groups = cols / GROUP, ahead = ROWS * AHEAD;
    int8_t *row_codes = panel;
    float *row_scales = (float *) (row_codes + ROWS * cols);
    fetch(w->data + first * w->stride, first + ahead <= end ? ahead * w->stride : 0);
    for (int64_t row = first; row < end; row += ROWS) {
        const int64_t count = end - row < ROWS ? end - row : ROWS;
        const int64_t step = row + ahead + ROWS <= end ? w->stride / groups : 0;
        for (int64_t r = 0; r < count; r++) {
            const uint8_t *stored = w->data + (row + r) * w->stride;
            for (int64_t g = 0; g < groups; g++) {
                fetch(stored + ahead * w->stride + g * step, step);
                __m256i *to = (__m256i *) (row_codes + r * cols + g * GROUP);
                _mm256_store_si256(to, codes(format, stored, g));
                row_scales[r * groups + g] = scale(format, stored, w->scale + (row + r) * w->scale_stride, g);
            }
        }
        for (int t = 0; t < n; t++) {
            for (int64_t r = 0; r < count; r++) {
                y[t * (end - first) + row - first + r] = multiply(
                    row_codes + r * cols, row_scales + r * groups, x->codes + index[t] * cols,
                    x->scales + index[t] * groups, cols);
            }
        }
    }
}

AVX2 EXPORT void hadal_int8_product_avx2(int32_t format, const uint8_t *data, int64_t stride, const uint8_t *scale,
                                         int64_t scale_stride, int64_t first, int64_t end, int64_t cols,
                                         const int8_t *codes, const float *scales, const int32_t *sums,
                                         const int32_t *index, int32_t n, float *y, void *panel) {
    struct weight w = {data, stride, scale, scale_stride};
    struct input x = {codes, scales, sums};
    switch ((enum format) format) {
        case Q8_0: product(&w, Q8_0, first, end, cols, &x, index, n, y, panel); break;
        case MXFP4: product(&w, MXFP4, first, end, cols, &x, index, n, y, panel); break;
        case F4_E2M1: product(&w, F4_E2M1, first, end, cols, &x, index, n, y, panel); break;
        default: break;
    }
}
