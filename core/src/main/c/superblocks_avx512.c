// The integer kernels of blocks of 256 elements for 64-bit x86 with AVX-512 VNNI.

#include "superblocks_iq2.h"

// Four groups of a vector as four rows take them: codes, what the offset of unsigned weights takes off, and for group g
// in lanes 4 g to 4 g + 3 scales and the sums of codes, negative and as floats (Q4_K) or as 16-bit pairs (Q2_K).
struct prepared {
    __m512i low, high, low_start, high_start, sums;
    __m512 scales;
};

VNNI INLINE void prepare(enum block_format format, int64_t cols, const struct halved_input *x, const int32_t *index,
                         int n, struct prepared *to) {
    const __m512i spread = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    // A quarter of it, as four sums are added.
    const int start = -code_offset(format) / 4;
    const int64_t groups = cols / GROUP;
    for (int64_t g = 0; g < groups; g += 4) {
        for (int t = 0; t < n; t++, to++) {
            const int64_t at = index[t] * groups + g;
            halves_of(x->codes + index[t] * cols + g * GROUP, &to->low, &to->high);
            __m512i sums = _mm512_permutexvar_epi32(
                spread, _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *) (x->sums + 2 * at))));
            to->low_start = _mm512_madd_epi16(sums, pair(start, has_halves(format) ? 0 : start));
            to->high_start = _mm512_madd_epi16(sums, pair(0, start));
            to->sums = format == Q4_K
                ? _mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_madd_epi16(sums, pair(-1, -1))))
                : sums;
            to->scales = _mm512_permutexvar_ps(spread, _mm512_castps128_ps512(_mm_loadu_ps(x->scales + at)));
        }
    }
}

// The exact integers of four rows and groups.
VNNI INLINE __m512i dots(enum block_format format, const struct codes *w, const struct scales *scales,
                         const struct prepared *x) {
    const __m512i zero = _mm512_setzero_si512();
    const __m512i low_start = code_offset(format) > 0 ? x->low_start : zero;
    __m512i low[ROWS];
    for (int r = 0; r < ROWS; r++) {
        low[r] = _mm512_dpbusd_epi32(low_start, w->low[r], x->low);
    }
    if (!has_halves(format)) {
        for (int r = 0; r < ROWS; r++) {
            low[r] = _mm512_dpbusd_epi32(low[r], w->high[r], x->high);
        }
        return part_sums(low);
    }
    __m512i high[ROWS];
    for (int r = 0; r < ROWS; r++) {
        high[r] = _mm512_dpbusd_epi32(code_offset(format) > 0 ? x->high_start : zero, w->high[r], x->high);
    }
    __m512i sum = _mm512_add_epi32(
        _mm512_mullo_epi32(part_sums(low), scales->low), _mm512_mullo_epi32(part_sums(high), scales->high));
    return format == Q2_K ? without_factors(sum) : sum;
}

// Four rows times a few vectors; y[t * y_stride + r].
VNNI INLINE void four_rows(const struct weight *w, enum block_format format, int64_t first, int64_t last, int64_t cols,
                           const struct prepared *x, int n, float *y, int64_t y_stride) {
    const uint8_t *rows[ROWS];
    for (int r = 0; r < ROWS; r++) {
        rows[r] = w->data + (first + r < last ? first + r : last - 1) * w->stride;
    }
    __m512 sums[FEW];
    for (int t = 0; t < n; t++) {
        sums[t] = _mm512_setzero_ps();
    }
    const int64_t size = block_bytes(format), blocks = cols / BLOCK;
    const uint8_t *ahead = rows[0] + AHEAD * w->stride;
    const int64_t step = first + AHEAD < last ? ROWS * size : 0;
    for (int64_t b = 0; b < blocks; b++) {
        fetch(ahead + b * step, step);
#pragma GCC unroll 2
        for (int half = 0; half < 2; half++) {
            struct codes codes;
            struct scales scales;
            decode(format, rows, b * size, half, &codes, &scales);
            for (int t = 0; t < n; t++, x++) {
                __m512 d = _mm512_cvtepi32_ps(dots(format, &codes, &scales, x));
                sums[t] = _mm512_fmadd_ps(d, _mm512_mul_ps(scales.a, x->scales), sums[t]);
                if (has_minima(format)) {
                    __m512 m = format == Q4_K
                        ? _mm512_castsi512_ps(x->sums)
                        : _mm512_cvtepi32_ps(_mm512_madd_epi16(scales.minima, x->sums));
                    sums[t] = _mm512_fmadd_ps(m, _mm512_mul_ps(scales.b, x->scales), sums[t]);
                }
            }
        }
    }
    int count = last - first < ROWS ? (int) (last - first) : ROWS;
    for (int t = 0; t < n; t++) {
        store_rows(sums[t], count, y + t * y_stride);
    }
}

VNNI INLINE void few(const struct weight *w, enum block_format format, int64_t first, int64_t end, int64_t cols,
                     const struct halved_input *x, const int32_t *index, int n, float *y, struct prepared *room) {
    prepare(format, cols, x, index, n, room);
    int64_t rows = end - first < AHEAD ? end - first : AHEAD;
    fetch(w->data + first * w->stride, rows * cols / BLOCK * block_bytes(format));
    for (int64_t row = first; row < end; row += ROWS) {
        four_rows(w, format, row, end, cols, room, n, y + (row - first), end - first);
    }
}

// Sixteen rows as a panel; codes of Q2_K are multiplied with their scales.
VNNI INLINE void pack(enum block_format format, const uint8_t *const *rows, int64_t cols, __m512i *panel) {
    for (int64_t i = 0; i < 2 * cols / BLOCK; i++, panel += 4 * parts(format)) {
        const int64_t at = i / 2 * block_bytes(format);
        const int half = i % 2;
        struct half_block all;
        for (int four = 0; four < 4; four++) {
            struct codes codes;
            struct scales scales;
            decode(format, rows + ROWS * four, at, half, &codes, &scales);
            for (int r = 0; r < ROWS; r++) {
                if (format == Q2_K) {
                    q2_scaled(rows[ROWS * four + r] + at, half, &codes.low[r], &codes.high[r]);
                }
                all.codes[0][ROWS * four + r] = codes.low[r];
                all.codes[1][ROWS * four + r] = codes.high[r];
            }
            all.a[four] = _mm512_castps_si512(scales.a);
            all.b[four] = format == Q6_K ? scales.low : _mm512_castps_si512(scales.b);
            if (has_halves(format)) {
                all.c[four] = format == Q6_K ? scales.high : scales.minima;
            }
        }
        add_to_panel(format, &all, panel);
    }
}

// A tile with a width that the compiler knows, so that the sums stay in registers.
VNNI INLINE void tile_of(int width, const __m512i *panel, enum block_format format, int64_t cols,
                         const struct halved_input *x, const int32_t *index, float *y, int64_t y_stride, int count,
                         const uint8_t *ahead, int64_t step) {
    switch (width) {
        case 4: tile(panel, format, 4, cols, x, index, y, y_stride, count, ahead, step); break;
        case 5: tile(panel, format, 5, cols, x, index, y, y_stride, count, ahead, step); break;
        case 6: tile(panel, format, 6, cols, x, index, y, y_stride, count, ahead, step); break;
        case 7: tile(panel, format, 7, cols, x, index, y, y_stride, count, ahead, step); break;
        default: tile(panel, format, TILE, cols, x, index, y, y_stride, count, ahead, step);
    }
}

VNNI INLINE void many(const struct weight *w, enum block_format format, int64_t first, int64_t end, int64_t cols,
                      const struct halved_input *x, const int32_t *index, int n, float *y, __m512i *panel) {
    int64_t stride = end - first;
    for (int64_t row = first; row < end; row += PANEL_ROWS) {
        const uint8_t *rows[PANEL_ROWS];
        for (int r = 0; r < PANEL_ROWS; r++) {
            rows[r] = w->data + (row + r < end ? row + r : end - 1) * w->stride;
        }
        if (format == IQ2_XXS) {
            iq2_pack(rows, cols, panel);
        } else {
            pack(format, rows, cols, panel);
        }
        int count = end - row < PANEL_ROWS ? (int) (end - row) : PANEL_ROWS;
        float *out = y + (row - first);
        const uint8_t *ahead = w->data + (row + PANEL_ROWS) * w->stride;
        int64_t step = row + 2 * PANEL_ROWS <= end ? PANEL_ROWS * w->stride / (cols / GROUP) : 0;
        for (int t = 0, tiles = (n + TILE - 1) / TILE; t < n; tiles--, step = 0) {
            int width = (n - t + tiles - 1) / tiles; // as even as can be
            tile_of(width, panel, format, cols, x, index + t, out + t * stride, stride, count, ahead, step);
            t += width;
        }
    }
}

VNNI INLINE void product(const struct weight *w, enum block_format format, int64_t first, int64_t end, int64_t cols,
                         const struct halved_input *x, const int32_t *index, int n, float *y, void *room) {
    switch (n) { // constants, so that the sums stay in registers
        case 1: few(w, format, first, end, cols, x, index, 1, y, room); break;
        case 2: few(w, format, first, end, cols, x, index, 2, y, room); break;
        case 3: few(w, format, first, end, cols, x, index, 3, y, room); break;
        case 4: few(w, format, first, end, cols, x, index, 4, y, room); break;
        case 5: few(w, format, first, end, cols, x, index, 5, y, room); break;
        case 6: few(w, format, first, end, cols, x, index, 6, y, room); break;
        case 7: few(w, format, first, end, cols, x, index, 7, y, room); break;
        case FEW: few(w, format, first, end, cols, x, index, FEW, y, room); break;
        default: many(w, format, first, end, cols, x, index, n, y, room);
    }
}

EXPORT void hadal_superblock_product_avx2(int32_t format, const uint8_t *data, int64_t stride, const uint8_t *scale,
                                          int64_t scale_stride, int64_t first, int64_t end, int64_t cols,
                                          const int8_t *codes, const float *scales, const int16_t *sums,
                                          const int32_t *index, int32_t n, float *y, void *room);

// The first processors with VNNI lack VBMI; those for AVX2 serve IQ2_XXS there.
VNNI EXPORT void hadal_superblock_product_avx512(int32_t format, const uint8_t *data, int64_t stride,
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
        case IQ2_XXS:
            if (!__builtin_cpu_supports("avx512vbmi")) {
                hadal_superblock_product_avx2(
                    format, data, stride, scale, scale_stride, first, end, cols, codes, scales, sums, index, n, y,
                    room);
            } else if (n <= FEW) {
                iq2_few(&w, first, end, cols, &x, index, n, y, room);
            } else {
                many(&w, IQ2_XXS, first, end, cols, &x, index, n, y, room);
            }
            break;
        default: break;
    }
}
