// The integer kernels of blocks of 256 elements for 64-bit x86 with AVX-512 VNNI.

#include "superblocks_decode.h"

// Rows that are multiplied at a time with many vectors, and vectors; parts of a packed group: codes, scales, minima.
enum { PANEL_ROWS = 16, TILE = 8, FEW = 8, CODES = 8 };

INLINE int parts(enum format format) { return CODES + 1 + (format == Q4_K ? 1 : format == IQ2_XXS ? 0 : 2); }

// Adds each 128-bit part of four vectors: the sum of part g of a, b, c, d in lanes 4 g to 4 g + 3.
VNNI INLINE __m512i part_sums(const __m512i v[ROWS]) {
    __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(v[0], v[1]), _mm512_unpackhi_epi32(v[0], v[1]));
    __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(v[2], v[3]), _mm512_unpackhi_epi32(v[2], v[3]));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
}

VNNI INLINE __m512i pair(int low, int high) {
    return _mm512_set1_epi32((low & 0xffff) | (int) ((unsigned) high << 16));
}

// ---- few vectors: four rows, four groups in the lanes ----

// Four groups of a vector as four rows take them: codes, what the offset of unsigned weights takes off, and for group g
// in lanes 4 g to 4 g + 3 scales and the sums of codes, negative and as floats (Q4_K) or as 16-bit pairs (Q2_K).
struct prepared {
    __m512i low, high, low_start, high_start, sums;
    __m512 scales;
};

VNNI INLINE void prepare(enum format format, int64_t cols, const struct halved_input *x, const int32_t *index, int n,
                         struct prepared *to) {
    const __m512i low_half = _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13);
    const __m512i high_half = _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15);
    const __m512i spread = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    // A quarter of it, as four sums are added.
    const int start = -code_offset(format) / 4;
    const int64_t groups = cols / GROUP;
    for (int64_t g = 0; g < groups; g += 4) {
        for (int t = 0; t < n; t++, to++) {
            const int8_t *q = x->codes + index[t] * cols + g * GROUP;
            const int64_t at = index[t] * groups + g;
            __m512i q01 = _mm512_loadu_si512(q), q23 = _mm512_loadu_si512(q + 64);
            to->low = _mm512_permutex2var_epi64(q01, low_half, q23);
            to->high = _mm512_permutex2var_epi64(q01, high_half, q23);
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
VNNI INLINE __m512i dots(enum format format, const struct codes *w, const struct scales *scales,
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
    return _mm512_add_epi32(
        _mm512_mullo_epi32(part_sums(low), scales->low), _mm512_mullo_epi32(part_sums(high), scales->high));
}

// How many rows ahead of those in work are fetched.
enum { AHEAD = 2 * ROWS };

// Four rows times a few vectors; y[t * y_stride + r].
VNNI INLINE void four_rows(const struct weight *w, enum format format, int64_t first, int64_t last, int64_t cols,
                           const __m512i tables[8], const struct prepared *x, int n, float *y, int64_t y_stride) {
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
            decode(format, rows, b * size, half, tables, &codes, &scales);
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
        float lanes[16];
        _mm512_storeu_ps(lanes, sums[t]);
        for (int r = 0; r < count; r++) {
            y[t * y_stride + r] = (lanes[r] + lanes[8 + r]) + (lanes[4 + r] + lanes[12 + r]);
        }
    }
}

VNNI INLINE void few(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                     const __m512i tables[8], const struct halved_input *x, const int32_t *index, int n, float *y,
                     struct prepared *room) {
    prepare(format, cols, x, index, n, room);
    int64_t rows = end - first < AHEAD ? end - first : AHEAD;
    fetch(w->data + first * w->stride, rows * cols / BLOCK * block_bytes(format));
    for (int64_t row = first; row < end; row += ROWS) {
        four_rows(w, format, row, end, cols, tables, room, n, y + (row - first), end - first);
    }
}

// ---- many vectors: sixteen rows side by side in the lanes ----

// Four 32-bit elements of each of sixteen rows, turned round: vector j has element j of rows 0 to 15. Row r begins at
// p + r * step.
VNNI INLINE void turn(const uint8_t *p, int64_t step, __m512i v[4]) {
    __m512i rows[4];
    for (int i = 0; i < 4; i++) {
        const uint8_t *four[ROWS] = {p + i * step, p + (i + 4) * step, p + (i + 8) * step, p + (i + 12) * step};
        rows[i] = sixteen(four, 0);
    }
    __m512i low01 = _mm512_unpacklo_epi32(rows[0], rows[1]), high01 = _mm512_unpackhi_epi32(rows[0], rows[1]);
    __m512i low23 = _mm512_unpacklo_epi32(rows[2], rows[3]), high23 = _mm512_unpackhi_epi32(rows[2], rows[3]);
    v[0] = _mm512_unpacklo_epi64(low01, low23);
    v[1] = _mm512_unpackhi_epi64(low01, low23);
    v[2] = _mm512_unpacklo_epi64(high01, high23);
    v[3] = _mm512_unpackhi_epi64(high01, high23);
}

// Four vectors of four rows each, group by group, to four of sixteen rows: that of group g to panel[g * step].
VNNI INLINE void by_rows(const __m512i v[4], __m512i *panel, int step) {
    __m512i a = _mm512_shuffle_i32x4(v[0], v[1], 0x44), b = _mm512_shuffle_i32x4(v[2], v[3], 0x44);
    __m512i c = _mm512_shuffle_i32x4(v[0], v[1], 0xee), d = _mm512_shuffle_i32x4(v[2], v[3], 0xee);
    panel[0] = _mm512_shuffle_i32x4(a, b, 0x88);
    panel[step] = _mm512_shuffle_i32x4(a, b, 0xdd);
    panel[2 * step] = _mm512_shuffle_i32x4(c, d, 0x88);
    panel[3 * step] = _mm512_shuffle_i32x4(c, d, 0xdd);
}

// Sixteen rows as a panel: for each group eight vectors of four codes a row, then scales and minima. Codes of Q2_K are
// multiplied with their scales.
VNNI INLINE void pack(const struct weight *w, enum format format, int64_t first, int64_t last, int64_t cols,
                      const __m512i tables[8], __m512i *panel) {
    const uint8_t *rows[PANEL_ROWS];
    for (int r = 0; r < PANEL_ROWS; r++) {
        rows[r] = w->data + (first + r < last ? first + r : last - 1) * w->stride;
    }
    const int64_t size = block_bytes(format), blocks = cols / BLOCK;
    const int step = parts(format);
    for (int64_t i = 0; i < 2 * blocks; i++, panel += 4 * step) {
        const int64_t at = i / 2 * size;
        const int half = i % 2;
        __m512i rows_codes[2][PANEL_ROWS]; // elements 0 to 15 of four groups, and 16 to 31
        __m512i a[4], b[4], c[4];
        for (int four = 0; four < 4; four++) {
            struct codes codes;
            struct scales scales;
            decode(format, rows + ROWS * four, at, half, tables, &codes, &scales);
            for (int r = 0; r < ROWS; r++) {
                if (format == Q2_K) {
                    q2_scaled(rows[ROWS * four + r] + at, half, &codes.low[r], &codes.high[r]);
                }
                rows_codes[0][ROWS * four + r] = codes.low[r];
                rows_codes[1][ROWS * four + r] = codes.high[r];
            }
            a[four] = _mm512_castps_si512(scales.a);
            b[four] = format == Q6_K ? scales.low : _mm512_castps_si512(scales.b);
            c[four] = format == Q6_K ? scales.high : scales.minima;
        }
        for (int g = 0; g < 4; g++) {
            for (int h = 0; h < 2; h++) {
                turn((const uint8_t *) rows_codes[h] + 16 * g, sizeof(__m512i), panel + g * step + 4 * h);
            }
        }
        by_rows(a, panel + CODES, step);
        if (format != IQ2_XXS) {
            by_rows(b, panel + CODES + 1, step);
        }
        if (has_halves(format)) {
            by_rows(c, panel + CODES + 2, step);
        }
    }
}

// Adds the products of half a group, four vectors of codes, to `n` integers.
VNNI INLINE void multiply(const __m512i *codes, const int8_t *const *q, int64_t at, __m512i *d, int n) {
    for (int j = 0; j < 4; j++) {
        __m512i v = codes[j];
        for (int t = 0; t < n; t++) {
            int32_t four;
            __builtin_memcpy(&four, q[t] + at + 4 * j, 4);
            d[t] = _mm512_dpbusd_epi32(d[t], v, _mm512_set1_epi32(four));
        }
    }
}

// A panel times `n` vectors, at most `width` of them, which is at most TILE. Meanwhile `step` bytes a group are fetched
// from `ahead` on, as packing alone leaves the memory idle for too long.
VNNI INLINE void tile(const __m512i *panel, enum format format, int width, int64_t cols, const struct halved_input *x,
                      const int32_t *index, int n, float *y, int64_t y_stride, int count, const uint8_t *ahead,
                      int64_t step) {
    const int64_t groups = cols / GROUP;
    const int offset = -code_offset(format);
    const int8_t *q[TILE];
    const float *input_scales[TILE];
    const int16_t *code_sums[TILE];
    for (int t = 0; t < width; t++) {
        int64_t row = index[t < n ? t : n - 1];
        q[t] = x->codes + row * cols;
        input_scales[t] = x->scales + row * groups;
        code_sums[t] = x->sums + 2 * row * groups;
    }
    __m512 all[4][TILE];
    for (int part = 0; part < 4; part++) {
        __m512 sums[TILE];
        for (int t = 0; t < width; t++) {
            sums[t] = _mm512_setzero_ps();
        }
        for (int64_t g = part; g < groups; g += 4, ahead += step) {
            fetch(ahead, step);
            const __m512i *p = panel + parts(format) * g;
            __m512i pairs[TILE], d[TILE];
            for (int t = 0; t < width; t++) {
                int32_t halves;
                __builtin_memcpy(&halves, code_sums[t] + 2 * g, 4);
                pairs[t] = _mm512_set1_epi32(halves);
                d[t] = offset == 0
                    ? _mm512_setzero_si512()
                    : _mm512_madd_epi16(pairs[t], pair(offset, format == Q6_K ? 0 : offset));
            }
            multiply(p, q, g * GROUP, d, width);
            if (format == Q6_K) {
                __m512i high[TILE];
                for (int t = 0; t < width; t++) {
                    d[t] = _mm512_mullo_epi32(d[t], p[CODES + 1]);
                    high[t] = _mm512_madd_epi16(pairs[t], pair(0, offset));
                }
                multiply(p + 4, q, g * GROUP + 16, high, width);
                for (int t = 0; t < width; t++) {
                    d[t] = _mm512_add_epi32(d[t], _mm512_mullo_epi32(high[t], p[CODES + 2]));
                }
            } else {
                multiply(p + 4, q, g * GROUP + 16, d, width);
            }
            const __m512 a = _mm512_castsi512_ps(p[CODES]);
            for (int t = 0; t < width; t++) {
                const __m512 e = _mm512_set1_ps(input_scales[t][g]);
                sums[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(d[t]), _mm512_mul_ps(a, e), sums[t]);
                if (has_minima(format)) {
                    __m512i m = _mm512_madd_epi16(pairs[t], format == Q4_K ? pair(-1, -1) : p[CODES + 2]);
                    __m512 b = _mm512_mul_ps(_mm512_castsi512_ps(p[CODES + 1]), e);
                    sums[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(m), b, sums[t]);
                }
            }
        }
        for (int t = 0; t < width; t++) {
            all[part][t] = sums[t];
        }
    }
    for (int t = 0; t < n; t++) {
        __m512 sum = _mm512_add_ps(_mm512_add_ps(all[0][t], all[2][t]), _mm512_add_ps(all[1][t], all[3][t]));
        _mm512_mask_storeu_ps(y + t * y_stride, (__mmask16) ((1u << count) - 1), sum);
    }
}

VNNI INLINE void many(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                      const __m512i tables[8], const struct halved_input *x, const int32_t *index, int n, float *y,
                      __m512i *panel) {
    int64_t stride = end - first;
    for (int64_t row = first; row < end; row += PANEL_ROWS) {
        pack(w, format, row, end, cols, tables, panel);
        int count = end - row < PANEL_ROWS ? (int) (end - row) : PANEL_ROWS;
        float *out = y + (row - first);
        const uint8_t *ahead = w->data + (row + PANEL_ROWS) * w->stride;
        int64_t step = row + 2 * PANEL_ROWS <= end ? PANEL_ROWS * w->stride / (cols / GROUP) : 0;
        int t = 0;
        for (; t + TILE / 2 < n; t += TILE, step = 0) {
            int valid = n - t < TILE ? n - t : TILE;
            tile(panel, format, TILE, cols, x, index + t, valid, out + t * stride, stride, count, ahead, step);
        }
        if (t < n) {
            tile(panel, format, TILE / 2, cols, x, index + t, n - t, out + t * stride, stride, count, ahead, step);
        }
    }
}

VNNI INLINE void product(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                         const struct halved_input *x, const int32_t *index, int n, float *y, void *room) {
    __m512i tables[8];
    if (format == IQ2_XXS) {
        iq2_tables(tables);
    }
    switch (n) { // constants, so that the sums stay in registers
        case 1: few(w, format, first, end, cols, tables, x, index, 1, y, room); break;
        case 2: few(w, format, first, end, cols, tables, x, index, 2, y, room); break;
        case 3: few(w, format, first, end, cols, tables, x, index, 3, y, room); break;
        case 4: few(w, format, first, end, cols, tables, x, index, 4, y, room); break;
        case 5: few(w, format, first, end, cols, tables, x, index, 5, y, room); break;
        case 6: few(w, format, first, end, cols, tables, x, index, 6, y, room); break;
        case 7: few(w, format, first, end, cols, tables, x, index, 7, y, room); break;
        case FEW: few(w, format, first, end, cols, tables, x, index, FEW, y, room); break;
        default: many(w, format, first, end, cols, tables, x, index, n, y, room);
    }
}

VNNI EXPORT void hadal_superblock_product_avx512(int32_t format, const uint8_t *data, int64_t stride,
                                                 const uint8_t *scale, int64_t scale_stride, int64_t first,
                                                 int64_t end, int64_t cols, const int8_t *codes, const float *scales,
                                                 const int16_t *sums, const int32_t *index, int32_t n, float *y,
                                                 void *room) {
    struct weight w = {data, stride, scale, scale_stride};
    struct halved_input x = {codes, scales, sums};
    switch ((enum format) format) {
        case Q4_K: product(&w, Q4_K, first, end, cols, &x, index, n, y, room); break;
        case Q6_K: product(&w, Q6_K, first, end, cols, &x, index, n, y, room); break;
        case Q2_K: product(&w, Q2_K, first, end, cols, &x, index, n, y, room); break;
        case IQ2_XXS: product(&w, IQ2_XXS, first, end, cols, &x, index, n, y, room); break;
        default: break;
    }
}
