// The integer kernels of blocks of 256 elements for 64-bit x86 with AVX2. As in int8_avx2.c, four rows at a time are
// decoded into codes of one byte, which stay in the nearest cache while they are multiplied with all vectors.

#include <immintrin.h>

#include "iq2_tables.h"
#include "superblocks.h"

#define AVX2 __attribute__((target("avx2,fma,f16c")))

// Rows that are decoded at a time, and of these groups those that are fetched ahead.
enum { ROWS = 4, AHEAD = 2 };

// A decoded row: signed codes, those of Q2_K times their scales, and for each group a, b, the integer scales of its
// halves (Q6_K) or the negative minima of both halves (Q4_K, Q2_K).
struct row {
    int8_t *codes;
    float *a, *b;
    int16_t *halves;
};

AVX2 INLINE float half_at(const uint8_t *p) {
    uint16_t half;
    __builtin_memcpy(&half, p, 2);
    return _cvtsh_ss(half);
}

AVX2 INLINE __m256i load(const void *p) { return _mm256_loadu_si256((const __m256i *) p); }

AVX2 INLINE void store(int8_t *to, __m256i v) { _mm256_store_si256((__m256i *) to, v); }

AVX2 INLINE void q4(const uint8_t *p, const struct row *to, int64_t group) {
    const float d = half_at(p), dmin = half_at(p + 2);
    const uint8_t *s = p + 4;
    for (int i = 0; i < 8; i++) {
        int scale = i < 4 ? s[i] & 63 : (s[i + 4] & 15) | s[i - 4] >> 6 << 4;
        int minimum = i < 4 ? s[i + 4] & 63 : s[i + 4] >> 4 | s[i] >> 6 << 4;
        to->a[group + i] = d * (float) scale;
        to->b[group + i] = dmin * (float) minimum;
        to->halves[2 * (group + i)] = to->halves[2 * (group + i) + 1] = -1;
    }
    const __m256i nibble = _mm256_set1_epi8(15);
    for (int i = 0; i < 4; i++) {
        __m256i v = load(p + 16 + 32 * i);
        int8_t *codes = to->codes + (group + 2 * i) * GROUP;
        store(codes, _mm256_and_si256(v, nibble));
        store(codes + GROUP, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
    }
}

AVX2 INLINE void q6(const uint8_t *p, const struct row *to, int64_t group) {
    const float d = half_at(p + 208);
    for (int i = 0; i < 8; i++) {
        to->a[group + i] = d;
    }
    __m256i scales = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *) (p + 192)));
    _mm256_storeu_si256((__m256i *) (to->halves + 2 * group), scales);
    const __m256i nibble = _mm256_set1_epi8(15), top = _mm256_set1_epi8(0x30), offset = _mm256_set1_epi8(32);
    for (int half = 0; half < 2; half++) {
        __m256i high = load(p + 128 + 32 * half);
        for (int i = 0; i < 4; i++) {
            __m256i v = load(p + 64 * half + 32 * (i % 2));
            v = _mm256_and_si256(i < 2 ? v : _mm256_srli_epi16(v, 4), nibble);
            __m256i bits = i < 2 ? _mm256_slli_epi16(high, 4 - 2 * i) : _mm256_srli_epi16(high, 2 * i - 4);
            v = _mm256_or_si256(v, _mm256_and_si256(bits, top));
            store(to->codes + (group + 4 * half + i) * GROUP, _mm256_sub_epi8(v, offset));
        }
    }
}

AVX2 INLINE void q2(const uint8_t *p, const struct row *to, int64_t group) {
    const float d = half_at(p + 80), dmin = half_at(p + 82);
    for (int i = 0; i < 8; i++) {
        to->a[group + i] = d;
        to->b[group + i] = dmin;
    }
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i both = _mm_loadu_si128((const __m128i *) p);
    __m128i scales = _mm_and_si128(both, nibble);
    __m256i minima = _mm256_cvtepi8_epi16(_mm_and_si128(_mm_srli_epi16(both, 4), nibble));
    _mm256_storeu_si256(
        (__m256i *) (to->halves + 2 * group), _mm256_sub_epi16(_mm256_setzero_si256(), minima));
    // 0, 1, 2 and 3 times the scale of a half: tables for its codes.
    const __m256i steps = _mm256_set1_epi32(0x03020100);
    for (int half = 0; half < 2; half++) {
        __m256i v = load(p + 16 + 32 * half);
        for (int i = 0; i < 4; i++) {
            int at = 8 * half + 2 * i;
            __m128i low = _mm_shuffle_epi8(scales, _mm_set1_epi16((short) (at - 0x8000)));
            __m128i high = _mm_shuffle_epi8(scales, _mm_set1_epi16((short) (at + 1 - 0x8000)));
            __m256i table = _mm256_mullo_epi16(_mm256_set_m128i(high, low), steps);
            __m256i codes = _mm256_and_si256(_mm256_srli_epi16(v, 2 * i), _mm256_set1_epi8(3));
            store(to->codes + (group + 4 * half + i) * GROUP, _mm256_shuffle_epi8(table, codes));
        }
    }
}

AVX2 INLINE void iq2(const uint8_t *p, const struct tables *tables, const struct row *to, int64_t group) {
    const float d = half_at(p) * 0.125f;
    for (int i = 0; i < 8; i++) {
        const uint8_t *index = p + 2 + 8 * i;
        uint32_t s;
        __builtin_memcpy(&s, index + 4, 4);
        const uint64_t *m = tables->magnitudes, *signs = tables->signs;
        __m256i values = _mm256_setr_epi64x(
            (int64_t) m[index[0]], (int64_t) m[index[1]], (int64_t) m[index[2]], (int64_t) m[index[3]]);
        __m256i negative = _mm256_setr_epi64x(
            (int64_t) signs[s & 127], (int64_t) signs[s >> 7 & 127], (int64_t) signs[s >> 14 & 127],
            (int64_t) signs[s >> 21 & 127]);
        store(to->codes + (group + i) * GROUP, _mm256_sign_epi8(values, negative));
        to->a[group + i] = d * (float) (s >> 27 | 1);
    }
}

// The integer dot product of a group, in eight parts; each pair of products is multiplied with an integer of `factors`.
AVX2 INLINE __m256i dot(const int8_t *w, const int8_t *x, __m256i factors) {
    __m256i a = load(w), b = load(x);
    return _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_abs_epi8(a), _mm256_sign_epi8(b, a)), factors);
}

AVX2 INLINE __m256i factors(enum block_format format, const int16_t *halves) {
    return format == Q6_K
        ? _mm256_set_m128i(_mm_set1_epi16(halves[1]), _mm_set1_epi16(halves[0]))
        : _mm256_set1_epi16(1);
}

// A decoded row times a vector.
AVX2 INLINE float multiply(enum block_format format, const struct row *w, const int8_t *x, const float *x_scales,
                           const int16_t *x_sums, int64_t cols) {
    __m128 sums = _mm_setzero_ps();
    for (int64_t k = 0, g = 0; k < cols; k += 4 * GROUP, g += 4) {
        __m256i d[4];
        for (int i = 0; i < 4; i++) {
            d[i] = dot(w->codes + k + i * GROUP, x + k + i * GROUP, factors(format, w->halves + 2 * (g + i)));
        }
        __m256i all = _mm256_hadd_epi32(_mm256_hadd_epi32(d[0], d[1]), _mm256_hadd_epi32(d[2], d[3]));
        __m128i dots = _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
        __m128 e = _mm_loadu_ps(x_scales + g);
        sums = _mm_fmadd_ps(_mm_cvtepi32_ps(dots), _mm_mul_ps(_mm_loadu_ps(w->a + g), e), sums);
        if (has_minima(format)) {
            __m128i minima = _mm_loadu_si128((const __m128i *) (w->halves + 2 * g));
            __m128i n = _mm_madd_epi16(minima, _mm_loadu_si128((const __m128i *) (x_sums + 2 * g)));
            sums = _mm_fmadd_ps(_mm_cvtepi32_ps(n), _mm_mul_ps(_mm_loadu_ps(w->b + g), e), sums);
        }
    }
    __m128 pairs = _mm_add_ps(sums, _mm_movehl_ps(sums, sums));
    return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_movehdup_ps(pairs)));
}

AVX2 INLINE void product(const struct weight *w, enum block_format format, int64_t first, int64_t end, int64_t cols,
                         const struct halved_input *x, const int32_t *index, int n, float *y, uint8_t *room) {
    const int64_t groups = cols / GROUP, ahead = ROWS * AHEAD, size = block_bytes(format);
    struct tables tables;
    if (format == IQ2_XXS) {
        fill(&tables);
    }
    struct row rows[ROWS];
    for (int r = 0; r < ROWS; r++, room += groups * (GROUP + 12)) {
        rows[r].codes = (int8_t *) room;
        rows[r].a = (float *) (room + cols);
        rows[r].b = rows[r].a + groups;
        rows[r].halves = (int16_t *) (rows[r].b + groups);
    }
    fetch(w->data + first * w->stride, first + ahead <= end ? ahead * w->stride : 0);
    for (int64_t row = first; row < end; row += ROWS) {
        const int64_t count = end - row < ROWS ? end - row : ROWS;
        const int64_t step = row + ahead + ROWS <= end ? size : 0;
        for (int64_t r = 0; r < count; r++) {
            const uint8_t *p = w->data + (row + r) * w->stride;
            for (int64_t g = 0; g < groups; g += BLOCK / GROUP, p += size) {
                fetch(p + ahead * w->stride, step);
                switch (format) {
                    case Q4_K: q4(p, &rows[r], g); break;
                    case Q6_K: q6(p, &rows[r], g); break;
                    case Q2_K: q2(p, &rows[r], g); break;
                    default: iq2(p, &tables, &rows[r], g);
                }
            }
        }
        for (int t = 0; t < n; t++) {
            for (int64_t r = 0; r < count; r++) {
                y[t * (end - first) + row - first + r] = multiply(
                    format, &rows[r], x->codes + index[t] * cols, x->scales + index[t] * groups,
                    x->sums + 2 * index[t] * groups, cols);
            }
        }
    }
}

AVX2 EXPORT void hadal_superblock_product_avx2(int32_t format, const uint8_t *data, int64_t stride,
                                               const uint8_t *scale, int64_t scale_stride, int64_t first,
                                               int64_t end, int64_t cols, const int8_t *codes, const float *scales,
                                               const int16_t *sums, const int32_t *index, int32_t n, float *y,
                                               void *room) {
    struct weight w = {data, stride, scale, scale_stride};
    struct halved_input x = {codes, scales, sums};
    switch ((enum block_format) format) {
        case Q4_K: product(&w, Q4_K, first, end, cols, &x, index, n, y, room); break;
        case Q6_K: product(&w, Q6_K, first, end, cols, &x, index, n, y, room); break;
        case Q2_K: product(&w, Q2_K, first, end, cols, &x, index, n, y, room); break;
        case IQ2_XXS: product(&w, IQ2_XXS, first, end, cols, &x, index, n, y, room); break;
        default: break;
    }
}
