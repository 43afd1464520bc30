// The integer kernels for 64-bit x86 with AVX-512 VNNI.

#include "int8.h"
#include "vnni.h"

// Rows that are multiplied at a time with few vectors and with many, and vectors.
enum { ROWS = 4, PANEL_ROWS = 16, TILE = 8, FEW = 8 };

INLINE int offset_of(enum format format) { return format == Q8_0 ? 128 : 12; }

// 32 bytes of each of two blocks.
VNNI INLINE __m512i two_parts(const uint8_t *p, int step) {
    __m512i v = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *) p));
    return _mm512_inserti64x4(v, _mm256_loadu_si256((const __m256i *) (p + step)), 1);
}

// 16 bytes of each of four blocks.
VNNI INLINE __m512i four_parts(const uint8_t *p, int step) {
    const uint8_t *const blocks[4] = {p, p + step, p + 2 * step, p + 3 * step};
    return sixteen(blocks, 0);
}

// Codes of four groups of a row as unsigned bytes. 4-bit formats: elements 0 to 15 of each group in `low`, 16 to 31 in
// `high`. Q8_0: two groups in `low`, two in `high`.
VNNI INLINE void codes(enum format format, const uint8_t *row, int64_t group, __m512i *low, __m512i *high) {
    const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(DOUBLED_PLUS_12));
    const __m512i nibble = _mm512_set1_epi8(15);
    if (format == Q8_0) {
        const __m512i flip = _mm512_set1_epi8((char) 0x80);
        __m512i first = two_parts(row + 34 * group + 2, 34), second = two_parts(row + 34 * group + 70, 34);
        *low = _mm512_xor_si512(_mm512_shuffle_i64x2(first, second, 0x88), flip);
        *high = _mm512_xor_si512(_mm512_shuffle_i64x2(first, second, 0xdd), flip);
        return;
    }
    __m512i pairs = format == MXFP4
        ? four_parts(row + 17 * group + 1, 17)
        : _mm512_loadu_si512(row + 16 * group);
    __m512i first = _mm512_shuffle_epi8(table, _mm512_and_si512(pairs, nibble));
    __m512i second = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(pairs, 4), nibble));
    if (format == MXFP4) {
        *low = first;
        *high = second;
    } else {
        *low = _mm512_unpacklo_epi8(first, second);
        *high = _mm512_unpackhi_epi8(first, second);
    }
}

VNNI INLINE __m512i any_of(const __m512i v[ROWS]) {
    return _mm512_or_si512(_mm512_or_si512(v[0], v[1]), _mm512_or_si512(v[2], v[3]));
}

// Scales of four groups of four rows: that of row r and group g in lane 4 g + r.
VNNI INLINE __m512 scales(enum format format, const uint8_t *const *rows, const uint8_t *const *scale_rows,
                          int64_t group) {
    if (format == Q8_0) {
        // Words 0, 17, 34 and 51 of a row's 136 bytes.
        const __m512i words = _mm512_zextsi256_si512(
            _mm256_setr_epi16(0, 0, 0, 0, 17, 17, 17, 17, 34, 34, 34, 34, 51, 51, 51, 51));
        __m512i v[ROWS];
        for (int r = 0; r < ROWS; r++) {
            const uint8_t *p = rows[r] + 34 * group;
            v[r] = _mm512_maskz_permutex2var_epi16(
                0x1111u << r, _mm512_loadu_si512(p), words, _mm512_loadu_si512(p + 64));
        }
        return _mm512_cvtph_ps(_mm512_castsi512_si256(any_of(v)));
    }
    if (format == MXFP4) {
        // Bytes 0, 17, 34 and 51 of a row's 68, each in a 128-bit part of its own.
        const __m512i places = _mm512_inserti64x4(
            _mm512_castsi256_si512(_mm256_set_m128i(_mm_set1_epi32(0x80808001), _mm_set1_epi32(0x80808000))),
            _mm256_set_m128i(_mm_set1_epi32(0x80808003), _mm_set1_epi32(0x80808002)), 1);
        __m512i v[ROWS];
        for (int r = 0; r < ROWS; r++) {
            v[r] = _mm512_maskz_shuffle_epi8(
                0x000f000f000f000full << 4 * r, _mm512_loadu_si512(rows[r] + 17 * group), places);
        }
        return half_scales(any_of(v));
    }
    int32_t e[ROWS];
    for (int r = 0; r < ROWS; r++) {
        __builtin_memcpy(&e[r], scale_rows[r] + group, 4);
    }
    __m128i by_row = _mm_setr_epi32(e[0], e[1], e[2], e[3]);
    const __m128i turn = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return half_scales(_mm512_cvtepu8_epi32(_mm_shuffle_epi8(by_row, turn)));
}

// Four groups of a vector as four rows take them: the first and the second halves of their codes, what the offset of
// unsigned weights adds taken off in the first lane of each group, and scales, for group g in lanes 4 g to 4 g + 3.
struct prepared {
    __m512i low, high, start;
    __m512 scales;
};

// Dot products of four groups of a row with those of a vector: four sums of a group in each 128-bit part, which add up
// to the group's and `start`.
VNNI INLINE __m512i dots(__m512i low, __m512i high, const struct prepared *x) {
    return _mm512_dpbusd_epi32(_mm512_dpbusd_epi32(x->start, low, x->low), high, x->high);
}

// How many rows ahead of those in work are fetched.
INLINE int fetched_rows(enum format format) { return format == Q8_0 ? 2 * ROWS : ROWS; }

// Fetches rows to come; the longer ones of Q8_0 are better off in the second-level cache, as measured.
INLINE void fetch_rows(enum format format, const uint8_t *from, int64_t bytes) {
    if (format == Q8_0) {
        fetch(from, bytes);
    } else {
        fetch_near(from, bytes);
    }
}

VNNI INLINE void prepare(enum format format, int64_t cols, const struct input *x, const int32_t *index, int n,
                         struct prepared *to) {
    const __m512i spread = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const int64_t groups = cols / GROUP;
    for (int64_t g = 0; g < groups; g += 4) {
        for (int t = 0; t < n; t++, to++) {
            const int64_t at = index[t] * groups + g;
            halves_of(x->codes + index[t] * cols + g * GROUP, &to->low, &to->high);
            __m512i sums = _mm512_maskz_permutexvar_epi32(
                0x1111, spread, _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *) (x->sums + at))));
            to->start = _mm512_mullo_epi32(sums, _mm512_set1_epi32(-offset_of(format)));
            to->scales = _mm512_permutexvar_ps(spread, _mm512_castps128_ps512(_mm_loadu_ps(x->scales + at)));
        }
    }
}

// Four rows times a few vectors; y[t * y_stride + r].
VNNI INLINE void four_rows(const struct weight *w, enum format format, int64_t first, int64_t last, int64_t cols,
                           const struct prepared *x, int n, float *y, int64_t y_stride) {
    const uint8_t *rows[ROWS], *scale_rows[ROWS];
    for (int r = 0; r < ROWS; r++) {
        int64_t row = first + r < last ? first + r : last - 1;
        rows[r] = w->data + row * w->stride;
        scale_rows[r] = w->scale + row * w->scale_stride;
    }
    __m512 sums[FEW];
    for (int t = 0; t < n; t++) {
        sums[t] = _mm512_setzero_ps();
    }
    int64_t groups = cols / GROUP;
    const uint8_t *ahead = rows[0] + fetched_rows(format) * w->stride;
    int64_t step = first + fetched_rows(format) < last ? ROWS * w->stride / groups : 0;
    for (int64_t g = 0; g < groups; g += 4) {
        __m512i low[ROWS], high[ROWS];
        for (int r = 0; r < ROWS; r++) {
            codes(format, rows[r], g, &low[r], &high[r]);
        }
        fetch_rows(format, ahead + g * step, 4 * step);
        __m512 weight_scales = scales(format, rows, scale_rows, g);
        for (int t = 0; t < n; t++, x++) {
            __m512i d[ROWS];
            for (int r = 0; r < ROWS; r++) {
                d[r] = dots(low[r], high[r], x);
            }
            __m512i dot = part_sums(d);
            sums[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot), _mm512_mul_ps(weight_scales, x->scales), sums[t]);
        }
    }
    int count = last - first < ROWS ? (int) (last - first) : ROWS;
    for (int t = 0; t < n; t++) {
        store_rows(sums[t], count, y + t * y_stride);
    }
}

VNNI INLINE void few(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                     const struct input *x, const int32_t *index, int n, float *y, struct prepared *room) {
    prepare(format, cols, x, index, n, room);
    fetch_rows(format, w->data + first * w->stride, fetched_rows(format) * w->stride);
    for (int64_t row = first; row < end; row += ROWS) {
        four_rows(w, format, row, end, cols, room, n, y + (row - first), end - first);
    }
}

// ---- many vectors: sixteen rows side by side in the lanes ----

// Four 32-bit elements of each of sixteen rows, turned round: vector j has element j of rows 0 to 15. The part
// of row r begins at p[r].
VNNI INLINE void turn(const uint8_t *const *p, __m512i v[4]) {
    for (int i = 0; i < 4; i++) {
        const uint8_t *const four[4] = {p[i], p[i + 4], p[i + 8], p[i + 12]};
        v[i] = sixteen(four, 0);
    }
    turn_parts(v);
}

// Codes of one group of sixteen rows as eight vectors of four unsigned codes a row, in the order of the elements.
VNNI INLINE void group_codes(enum format format, const uint8_t *const *rows, int64_t group, __m512i *panel) {
    const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(DOUBLED_PLUS_12));
    const __m512i nibble = _mm512_set1_epi8(15);
    const uint8_t *p[PANEL_ROWS];
    __m512i v[4];
    int64_t at = format == Q8_0 ? 34 * group + 2 : format == MXFP4 ? 17 * group + 1 : 16 * group;
    for (int r = 0; r < PANEL_ROWS; r++) {
        p[r] = rows[r] + at;
    }
    turn(p, v);
    if (format == Q8_0) {
        const __m512i flip = _mm512_set1_epi8((char) 0x80);
        for (int j = 0; j < 4; j++) {
            panel[j] = _mm512_xor_si512(v[j], flip);
        }
        for (int r = 0; r < PANEL_ROWS; r++) {
            p[r] += 16;
        }
        turn(p, v);
        for (int j = 0; j < 4; j++) {
            panel[4 + j] = _mm512_xor_si512(v[j], flip);
        }
        return;
    }
    for (int j = 0; j < 4; j++) {
        __m512i first = _mm512_shuffle_epi8(table, _mm512_and_si512(v[j], nibble));
        __m512i second = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(v[j], 4), nibble));
        if (format == MXFP4) {
            panel[j] = first;
            panel[4 + j] = second;
        } else {
            // Neighbours share a byte: bytes of the two alternate.
            const __m512i even = _mm512_broadcast_i32x4(
                _mm_setr_epi8(0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1));
            const __m512i odd = _mm512_broadcast_i32x4(
                _mm_setr_epi8(-1, 0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13));
            const __m512i later_even = _mm512_broadcast_i32x4(
                _mm_setr_epi8(2, -1, 3, -1, 6, -1, 7, -1, 10, -1, 11, -1, 14, -1, 15, -1));
            const __m512i later_odd = _mm512_broadcast_i32x4(
                _mm_setr_epi8(-1, 2, -1, 3, -1, 6, -1, 7, -1, 10, -1, 11, -1, 14, -1, 15));
            panel[2 * j] = _mm512_or_si512(_mm512_shuffle_epi8(first, even), _mm512_shuffle_epi8(second, odd));
            panel[2 * j + 1] = _mm512_or_si512(
                _mm512_shuffle_epi8(first, later_even), _mm512_shuffle_epi8(second, later_odd));
        }
    }
}

// Scales of four groups of sixteen rows: those of group g in out[g], row by row.
VNNI INLINE void group_scales(enum format format, const uint8_t *const *rows, const uint8_t *const *scale_rows,
                              int64_t group, __m512i out[4]) {
    __m512i v[4]; // of four rows each, group by group
    for (int i = 0; i < 4; i++) {
        v[i] = _mm512_castps_si512(scales(format, rows + 4 * i, scale_rows + 4 * i, group));
    }
    by_rows(v, out, 1);
}

// Sixteen rows as a panel: for each group eight vectors of four codes a row, and one vector of scales.
VNNI INLINE void pack(const struct weight *w, enum format format, int64_t first, int64_t last, int64_t cols,
                      __m512i *panel) {
    const uint8_t *rows[PANEL_ROWS], *scale_rows[PANEL_ROWS];
    for (int r = 0; r < PANEL_ROWS; r++) {
        int64_t row = first + r < last ? first + r : last - 1;
        rows[r] = w->data + row * w->stride;
        scale_rows[r] = w->scale + row * w->scale_stride;
    }
    int64_t groups = cols / GROUP;
    for (int64_t g = 0; g < groups; g += 4) {
        __m512i weight_scales[4];
        group_scales(format, rows, scale_rows, g, weight_scales);
        for (int i = 0; i < 4; i++, panel += 9) {
            group_codes(format, rows, g + i, panel);
            panel[8] = weight_scales[i];
        }
    }
}

// A panel times `width` vectors. Meanwhile `step` bytes a group are fetched from `ahead` on, as packing alone leaves
// the memory idle for too long.
VNNI INLINE void tile(const __m512i *panel, int offset, int width, int64_t cols, const struct input *x,
                      const int32_t *index, float *y, int64_t y_stride, int count, const uint8_t *ahead,
                      int64_t step) {
    int64_t groups = cols / GROUP;
    const int8_t *q[TILE];
    const float *input_scales[TILE];
    const int32_t *code_sums[TILE];
    for (int t = 0; t < width; t++) {
        int64_t row = index[t];
        q[t] = x->codes + row * cols;
        input_scales[t] = x->scales + row * groups;
        code_sums[t] = x->sums + row * groups;
    }
    __m512 parts[4][TILE];
    for (int part = 0; part < 4; part++) {
        __m512 sums[TILE];
        for (int t = 0; t < width; t++) {
            sums[t] = _mm512_setzero_ps();
        }
        for (int64_t g = part; g < groups; g += 4, ahead += step) {
            fetch(ahead, step);
            const __m512i *p = panel + 9 * g;
            __m512i d[TILE];
            for (int t = 0; t < width; t++) {
                d[t] = _mm512_set1_epi32(-offset * code_sums[t][g]);
            }
            for (int j = 0; j < 8; j++) {
                __m512i v = p[j];
                for (int t = 0; t < width; t++) {
                    int32_t four;
                    __builtin_memcpy(&four, q[t] + g * GROUP + 4 * j, 4);
                    d[t] = _mm512_dpbusd_epi32(d[t], v, _mm512_set1_epi32(four));
                }
            }
            __m512 weight_scales = _mm512_castsi512_ps(p[8]);
            for (int t = 0; t < width; t++) {
                __m512 scale = _mm512_mul_ps(weight_scales, _mm512_set1_ps(input_scales[t][g]));
                sums[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(d[t]), scale, sums[t]);
            }
        }
        for (int t = 0; t < width; t++) {
            parts[part][t] = sums[t];
        }
    }
    for (int t = 0; t < width; t++) {
        __m512 sum = _mm512_add_ps(
            _mm512_add_ps(parts[0][t], parts[2][t]), _mm512_add_ps(parts[1][t], parts[3][t]));
        _mm512_mask_storeu_ps(y + t * y_stride, (__mmask16) ((1u << count) - 1), sum);
    }
}

// The same with a width that the compiler knows, so that the sums stay in registers.
VNNI static void tile_of(int width, const __m512i *panel, int offset, int64_t cols, const struct input *x,
                         const int32_t *index, float *y, int64_t y_stride, int count, const uint8_t *ahead,
                         int64_t step) {
    switch (width) {
        case 4: tile(panel, offset, 4, cols, x, index, y, y_stride, count, ahead, step); break;
        case 5: tile(panel, offset, 5, cols, x, index, y, y_stride, count, ahead, step); break;
        case 6: tile(panel, offset, 6, cols, x, index, y, y_stride, count, ahead, step); break;
        case 7: tile(panel, offset, 7, cols, x, index, y, y_stride, count, ahead, step); break;
        default: tile(panel, offset, TILE, cols, x, index, y, y_stride, count, ahead, step);
    }
}

VNNI INLINE void many(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                      const struct input *x, const int32_t *index, int n, float *y, __m512i *panel) {
    int64_t stride = end - first;
    for (int64_t row = first; row < end; row += PANEL_ROWS) {
        pack(w, format, row, end, cols, panel);
        int count = end - row < PANEL_ROWS ? (int) (end - row) : PANEL_ROWS;
        float *out = y + (row - first);
        const uint8_t *ahead = w->data + (row + PANEL_ROWS) * w->stride;
        int64_t step = row + 2 * PANEL_ROWS <= end ? PANEL_ROWS * w->stride / (cols / GROUP) : 0;
        for (int t = 0, tiles = (n + TILE - 1) / TILE; t < n; tiles--, step = 0) {
            int width = (n - t + tiles - 1) / tiles; // as even as can be
            tile_of(width, panel, offset_of(format), cols, x, index + t, out + t * stride, stride, count, ahead, step);
            t += width;
        }
    }
}

VNNI INLINE void product(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                         const struct input *x, const int32_t *index, int n, float *y, void *panel) {
    switch (n) { // constants, so that the sums stay in registers
        case 1: few(w, format, first, end, cols, x, index, 1, y, panel); break;
        case 2: few(w, format, first, end, cols, x, index, 2, y, panel); break;
        case 3: few(w, format, first, end, cols, x, index, 3, y, panel); break;
        case 4: few(w, format, first, end, cols, x, index, 4, y, panel); break;
        case 5: few(w, format, first, end, cols, x, index, 5, y, panel); break;
        case 6: few(w, format, first, end, cols, x, index, 6, y, panel); break;
        case 7: few(w, format, first, end, cols, x, index, 7, y, panel); break;
        case FEW: few(w, format, first, end, cols, x, index, FEW, y, panel); break;
        default: many(w, format, first, end, cols, x, index, n, y, panel);
    }
}

VNNI EXPORT void hadal_int8_product_avx512(int32_t format, const uint8_t *data, int64_t stride, const uint8_t *scale,
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
