// IQ2_XXS for AVX-512 VNNI and VBMI. A block has for each of eight groups four grid indices and a word of four 7-bit sign
// codes and a 4-bit scale.
//
// Half a block of four rows has 64 indices. Their entries are looked up together and make eight vectors, one for each
// element of an entry: byte l of lane 4 r + g is of element 8 l + j of group g of row r. So dot products of four bytes,
// added over j, leave each group's integer in a lane.

#pragma once

#include "iq2_grid.h"
#include "superblocks_panel.h"

#define VBMI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512vbmi,f16c")))

enum { IQ2_BYTES = 66, ELEMENTS = 8 };

// The grid's codes of elements 0 to 3 and of 4 to 7; and for each of the three codes in six bits 64 plus its magnitude.
struct grid {
    __m512i low[4], high[4], magnitudes[3];
};

VBMI INLINE void fill_grid(struct grid *to) {
    for (int i = 0; i < 8; i++) {
        __m512i v = _mm512_loadu_si512(iq2_grid + 32 * i);
        _mm256_store_si256((__m256i *) to->low + i, _mm512_cvtepi16_epi8(v));
        _mm256_store_si256((__m256i *) to->high + i, _mm512_cvtepi16_epi8(_mm512_srli_epi16(v, 8)));
    }
    for (int i = 0; i < 64; i++) {
        for (int j = 0; j < 3; j++) {
            ((uint8_t *) &to->magnitudes[j])[i] = (uint8_t) (64 + (0x2b1908 >> 8 * (i >> 2 * j & 3) & 0xff));
        }
    }
}

VBMI INLINE __m512i entries(const __m512i table[4], __m512i index) {
    __m512i first = _mm512_permutex2var_epi8(table[0], index, table[1]);
    __m512i second = _mm512_permutex2var_epi8(table[2], index, table[3]);
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), first, second);
}

VBMI INLINE __m512i thirty_two(const uint8_t *p, const uint8_t *q) {
    __m512i v = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *) p));
    return _mm512_inserti64x4(v, _mm256_loadu_si256((const __m256i *) q), 1);
}

// Half a block of four rows: 64 plus the signed magnitudes, and the scales, in lane 4 r + g.
VBMI INLINE void elements(const struct grid *grid, const uint8_t *const *rows, int64_t at, int half,
                          __m512i codes[ELEMENTS], __m512 *a) {
    const int64_t from = at + 2 + 32 * half;
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    __m512i r01 = thirty_two(rows[0] + from, rows[1] + from), r23 = thirty_two(rows[2] + from, rows[3] + from);
    __m512i index = _mm512_permutex2var_epi32(r01, even, r23), word = _mm512_permutex2var_epi32(r01, odd, r23);

    const __m512i d_lanes = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    __m512 d = _mm512_permutexvar_ps(d_lanes, _mm512_mul_ps(one_half(rows, at), _mm512_set1_ps(0.125f)));
    __m512i s = _mm512_or_si512(_mm512_srli_epi32(word, 27), _mm512_set1_epi32(1));
    *a = _mm512_mul_ps(d, _mm512_cvtepi32_ps(s));

    // 28 bits to four bytes of seven, then the parity of each: the sign of the last element.
    __m512i halves = _mm512_mask_blend_epi16(0xaaaaaaaa, word, _mm512_slli_epi32(word, 2));
    __m512i signs = _mm512_ternarylogic_epi32(_mm512_set1_epi16(0xff), halves, _mm512_slli_epi16(halves, 1), 0xca);
    signs = _mm512_and_si512(signs, _mm512_set1_epi8(127));
    const __m512i parity = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, -128, -128, 0, -128, 0, 0, -128, -128, 0, 0, -128, 0, -128, -128, 0));
    __m512i folded = _mm512_xor_si512(signs, _mm512_srli_epi16(signs, 4));
    signs = _mm512_or_si512(signs, _mm512_shuffle_epi8(parity, _mm512_and_si512(folded, _mm512_set1_epi8(15))));

    __m512i low = entries(grid->low, index), high = entries(grid->high, index);
    for (int j = 0; j < ELEMENTS; j++) {
        __m512i entry = j < 4 ? low : high;
        // The lookup goes by six bits: three codes.
        __m512i v = j % 4 == 3
            ? _mm512_permutexvar_epi8(_mm512_srli_epi16(entry, 6), grid->magnitudes[0])
            : _mm512_permutexvar_epi8(entry, grid->magnitudes[j % 4]);
        __mmask64 negative = _mm512_test_epi8_mask(signs, _mm512_set1_epi8((char) (1 << j)));
        // 128 - (64 + magnitude) where negative.
        codes[j] = _mm512_mask_sub_epi8(v, negative, _mm512_set1_epi8((char) 128), v);
    }
}

// ---- few vectors ----

// Four groups of a vector: codes in the order of the elements above, what the offset takes off, and scales.
struct iq2_prepared {
    __m128i codes[ELEMENTS];
    __m128i start;
    __m128 scales;
};

VBMI INLINE void iq2_prepare(int64_t cols, const struct halved_input *x, const int32_t *index, int n,
                             struct iq2_prepared *to) {
    uint8_t order[128] __attribute__((aligned(64)));
    for (int i = 0; i < 128; i++) {
        order[i] = (uint8_t) (i / 4 % 4 * 32 + i % 4 * 8 + i / 16);
    }
    const __m512i first = _mm512_load_si512(order), second = _mm512_load_si512(order + 64);
    const __m128i offset = _mm_set1_epi16((short) -code_offset(IQ2_XXS));
    const int64_t groups = cols / GROUP;
    for (int64_t g = 0; g < groups; g += 4) {
        for (int t = 0; t < n; t++, to++) {
            const int8_t *q = x->codes + index[t] * cols + g * GROUP;
            const int64_t at = index[t] * groups + g;
            __m512i q01 = _mm512_loadu_si512(q), q23 = _mm512_loadu_si512(q + 64);
            _mm512_storeu_si512(to->codes, _mm512_permutex2var_epi8(q01, first, q23));
            _mm512_storeu_si512(to->codes + 4, _mm512_permutex2var_epi8(q01, second, q23));
            to->start = _mm_madd_epi16(_mm_loadu_si128((const __m128i *) (x->sums + 2 * at)), offset);
            to->scales = _mm_loadu_ps(x->scales + at);
        }
    }
}

VBMI INLINE void iq2_four_rows(const struct weight *w, const struct grid *grid, int64_t first, int64_t last,
                               int64_t cols, const struct iq2_prepared *x, int n, float *y, int64_t y_stride) {
    const uint8_t *rows[ROWS];
    for (int r = 0; r < ROWS; r++) {
        rows[r] = w->data + (first + r < last ? first + r : last - 1) * w->stride;
    }
    __m512 sums[FEW];
    for (int t = 0; t < n; t++) {
        sums[t] = _mm512_setzero_ps();
    }
    const uint8_t *ahead = rows[0] + AHEAD * w->stride;
    const int64_t step = first + AHEAD < last ? ROWS * IQ2_BYTES : 0;
    for (int64_t b = 0; b < cols / BLOCK; b++) {
        fetch(ahead + b * step, step);
#pragma GCC unroll 2
        for (int half = 0; half < 2; half++) {
            __m512i codes[ELEMENTS];
            __m512 a;
            elements(grid, rows, b * IQ2_BYTES, half, codes, &a);
            for (int t = 0; t < n; t++, x++) {
                __m512i d = _mm512_broadcast_i32x4(x->start);
                for (int j = 0; j < ELEMENTS; j++) {
                    d = _mm512_dpbusd_epi32(d, codes[j], _mm512_broadcast_i32x4(x->codes[j]));
                }
                __m512 scale = _mm512_mul_ps(a, _mm512_broadcast_f32x4(x->scales));
                sums[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(d), scale, sums[t]);
            }
        }
    }
    const int count = last - first < ROWS ? (int) (last - first) : ROWS;
    for (int t = 0; t < n; t++) {
        __m512 pairs = _mm512_add_ps(sums[t], _mm512_permute_ps(sums[t], 0x4e)); // 0 + 2, 1 + 3
        __m512 all = _mm512_maskz_compress_ps(0x1111, _mm512_add_ps(pairs, _mm512_permute_ps(pairs, 0xb1)));
        _mm_mask_storeu_ps(y + t * y_stride, (__mmask8) ((1u << count) - 1), _mm512_castps512_ps128(all));
    }
}

VBMI INLINE void iq2_rows(const struct weight *w, int64_t first, int64_t end, int64_t cols,
                          const struct halved_input *x, const int32_t *index, int n, float *y,
                          struct iq2_prepared *room) {
    struct grid grid;
    fill_grid(&grid);
    iq2_prepare(cols, x, index, n, room);
    int64_t rows = end - first < AHEAD ? end - first : AHEAD;
    fetch(w->data + first * w->stride, rows * (cols / BLOCK) * IQ2_BYTES);
    for (int64_t row = first; row < end; row += ROWS) {
        iq2_four_rows(w, &grid, row, end, cols, room, n, y + (row - first), end - first);
    }
}

VBMI static void iq2_few(const struct weight *w, int64_t first, int64_t end, int64_t cols,
                         const struct halved_input *x, const int32_t *index, int n, float *y, void *room) {
    switch (n) { // constants, so that the sums stay in registers
        case 1: iq2_rows(w, first, end, cols, x, index, 1, y, room); break;
        case 2: iq2_rows(w, first, end, cols, x, index, 2, y, room); break;
        case 3: iq2_rows(w, first, end, cols, x, index, 3, y, room); break;
        case 4: iq2_rows(w, first, end, cols, x, index, 4, y, room); break;
        case 5: iq2_rows(w, first, end, cols, x, index, 5, y, room); break;
        case 6: iq2_rows(w, first, end, cols, x, index, 6, y, room); break;
        case 7: iq2_rows(w, first, end, cols, x, index, 7, y, room); break;
        default: iq2_rows(w, first, end, cols, x, index, FEW, y, room);
    }
}

// ---- many vectors ----

// Bytes of four vectors one after the other: bytes 4 g to 4 g + 3 of each 128-bit part of them in that part of to[g].
VBMI INLINE void interleave(const __m512i v[4], __m512i to[4]) {
    __m512i low01 = _mm512_unpacklo_epi8(v[0], v[1]), high01 = _mm512_unpackhi_epi8(v[0], v[1]);
    __m512i low23 = _mm512_unpacklo_epi8(v[2], v[3]), high23 = _mm512_unpackhi_epi8(v[2], v[3]);
    to[0] = _mm512_unpacklo_epi16(low01, low23);
    to[1] = _mm512_unpackhi_epi16(low01, low23);
    to[2] = _mm512_unpacklo_epi16(high01, high23);
    to[3] = _mm512_unpackhi_epi16(high01, high23);
}

// Sixteen rows as a panel.
VBMI static void iq2_pack(const uint8_t *const *rows, int64_t cols, __m512i *panel) {
    const __m512i turned = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    struct grid grid;
    fill_grid(&grid);
    for (int64_t i = 0; i < 2 * cols / BLOCK; i++, panel += 4 * parts(IQ2_XXS)) {
        struct half_block all;
        for (int four = 0; four < 4; four++) {
            __m512i codes[ELEMENTS], first[4], second[4], low[4], high[4];
            __m512 a;
            elements(&grid, rows + ROWS * four, i / 2 * IQ2_BYTES, i % 2, codes, &a);
            interleave(codes, first);
            interleave(codes + 4, second);
            for (int g = 0; g < 4; g++) {
                low[g] = _mm512_unpacklo_epi32(first[g], second[g]);
                high[g] = _mm512_unpackhi_epi32(first[g], second[g]);
            }
            by_rows(low, all.codes[0] + ROWS * four, 1);
            by_rows(high, all.codes[1] + ROWS * four, 1);
            all.a[four] = _mm512_castps_si512(_mm512_permutexvar_ps(turned, a));
        }
        add_to_panel(IQ2_XXS, &all, panel);
    }
}
