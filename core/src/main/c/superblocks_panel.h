// Products with many vectors for AVX-512 VNNI: sixteen rows side by side in the lanes.

#pragma once

#include "superblocks_decode.h"

// Rows of a panel, vectors of a tile; parts of a packed group: codes, scales, minima.
enum { PANEL_ROWS = 16, TILE = 8, CODES = 8 };

INLINE int parts(enum block_format format) { return CODES + 1 + (format == Q4_K ? 1 : format == IQ2_XXS ? 0 : 2); }

// Half a block of sixteen rows: codes of elements 0 to 15 of four groups and of 16 to 31, row by row; scales and minima
// of four rows each. b and c are the integer scales of halves for Q6_K, else b and the minima where there are some.
struct half_block {
    __m512i codes[2][PANEL_ROWS];
    __m512i a[4], b[4], c[4];
};

// Four 32-bit elements of each of sixteen rows, turned round: vector j has element j of rows 0 to 15. Row r begins at
// p + r * step.
VNNI INLINE void turn(const uint8_t *p, int64_t step, __m512i v[4]) {
    for (int i = 0; i < 4; i++) {
        const uint8_t *four[ROWS] = {p + i * step, p + (i + 4) * step, p + (i + 8) * step, p + (i + 12) * step};
        v[i] = sixteen(four, 0);
    }
    turn_parts(v);
}

// Adds half a block to a panel: for each group eight vectors of four codes a row, then scales and minima.
VNNI INLINE void add_to_panel(enum block_format format, const struct half_block *from, __m512i *panel) {
    const int step = parts(format);
    for (int g = 0; g < 4; g++) {
        for (int h = 0; h < 2; h++) {
            turn((const uint8_t *) from->codes[h] + 16 * g, sizeof(__m512i), panel + g * step + 4 * h);
        }
    }
    by_rows(from->a, panel + CODES, step);
    if (format != IQ2_XXS) {
        by_rows(from->b, panel + CODES + 1, step);
    }
    if (has_halves(format)) {
        by_rows(from->c, panel + CODES + 2, step);
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

// A panel times `width` vectors, at most TILE. Meanwhile `step` bytes a group are fetched from `ahead` on, as packing
// alone leaves the memory idle for too long.
VNNI INLINE void tile(const __m512i *panel, enum block_format format, int width, int64_t cols,
                      const struct halved_input *x, const int32_t *index, float *y, int64_t y_stride, int count,
                      const uint8_t *ahead, int64_t step) {
    const int64_t groups = cols / GROUP;
    const int offset = -code_offset(format);
    const int8_t *q[TILE];
    const float *input_scales[TILE];
    const int16_t *code_sums[TILE];
    for (int t = 0; t < width; t++) {
        int64_t row = index[t];
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
    for (int t = 0; t < width; t++) {
        __m512 sum = _mm512_add_ps(_mm512_add_ps(all[0][t], all[2][t]), _mm512_add_ps(all[1][t], all[3][t]));
        _mm512_mask_storeu_ps(y + t * y_stride, (__mmask16) ((1u << count) - 1), sum);
    }
}
