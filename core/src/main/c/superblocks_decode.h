// Blocks of Q4_K, Q6_K and Q2_K as the kernels for AVX-512 VNNI take them: half a block, four groups, of four rows at a
// time.
//
// Codes are unsigned bytes: of each group elements 0 to 15 in `low` and 16 to 31 in `high`, group g in 128-bit part g.
// Scales of row r and group g are in lane 4 g + r.

#pragma once

#include "superblocks.h"
#include "vnni.h"

// Rows that are multiplied at a time with few vectors, and those ahead of them that are fetched.
enum { ROWS = 4, AHEAD = 2 * ROWS };

// Vectors that count as few.
enum { FEW = 8 };

// What codes have too much, so that they are unsigned.
INLINE int code_offset(enum block_format format) { return format == Q6_K ? 32 : format == IQ2_XXS ? 64 : 0; }

// Whether the halves of a group have scales of their own.
INLINE int has_halves(enum block_format format) { return format == Q6_K || format == Q2_K; }

struct codes {
    __m512i low[ROWS], high[ROWS];
};

// low, high: the integer scales of halves; minima: those of both halves, negative, as 16-bit pairs (Q2_K).
struct scales {
    __m512 a, b;
    __m512i low, high, minima;
};

// Factors of the two sums of a group's halves.
VNNI INLINE __m512i pair(int low, int high) {
    return _mm512_set1_epi32((low & 0xffff) | (int) ((unsigned) high << 16));
}

VNNI INLINE __m512i broadcast(const uint8_t *p) {
    return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *) p));
}

VNNI INLINE int32_t word(const uint8_t *p) {
    int32_t value;
    __builtin_memcpy(&value, p, 4);
    return value;
}

// Two halves of each of four rows, which begin at byte `at`: the first to `a`, the second to `b`.
VNNI INLINE void two_halves(const uint8_t *const *rows, int64_t at, __m512 *a, __m512 *b) {
    __m128i v = _mm_setr_epi32(word(rows[0] + at), word(rows[1] + at), word(rows[2] + at), word(rows[3] + at));
    __m512 floats = _mm512_castps256_ps512(_mm256_cvtph_ps(v));
    *a = _mm512_permutexvar_ps(_mm512_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6, 0, 2, 4, 6), floats);
    *b = _mm512_permutexvar_ps(_mm512_setr_epi32(1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7), floats);
}

VNNI INLINE __m512 one_half(const uint8_t *const *rows, int64_t at) {
    uint16_t h[ROWS];
    for (int r = 0; r < ROWS; r++) {
        __builtin_memcpy(&h[r], rows[r] + at, 2);
    }
    __m128i v = _mm_cvtsi32_si128(h[0]);
    v = _mm_insert_epi16(v, h[1], 1);
    v = _mm_insert_epi16(v, h[2], 2);
    v = _mm_insert_epi16(v, h[3], 3);
    return _mm512_broadcast_f32x4(_mm_cvtph_ps(v));
}

// Byte g of 32-bit element r to lane 4 g + r, as a float.
VNNI INLINE __m512 by_group(__m128i by_row) {
    const __m128i turn = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_shuffle_epi8(by_row, turn)));
}

// ---- Q4_K: d, dmin, 12 bytes of 6-bit scales and minima, then nibbles of two groups in 32 bytes ----

VNNI INLINE void q4_scales(const uint8_t *const *rows, int64_t at, int half, struct scales *to) {
    __m512i v = sixteen(rows, at);
    __m128i r0 = _mm512_castsi512_si128(v), r1 = _mm512_extracti32x4_epi32(v, 1);
    __m128i r2 = _mm512_extracti32x4_epi32(v, 2), r3 = _mm512_extracti32x4_epi32(v, 3);
    __m128i low01 = _mm_unpacklo_epi32(r0, r1), low23 = _mm_unpacklo_epi32(r2, r3);
    __m128i high01 = _mm_unpackhi_epi32(r0, r1), high23 = _mm_unpackhi_epi32(r2, r3);
    __m128i first = _mm_unpackhi_epi64(low01, low23), second = _mm_unpacklo_epi64(high01, high23);
    __m128i third = _mm_unpackhi_epi64(high01, high23);
    const __m128i six = _mm_set1_epi8(63), four = _mm_set1_epi8(15), top = _mm_set1_epi8(0x30);
    __m128i scale, minimum;
    if (half == 0) {
        scale = _mm_and_si128(first, six);
        minimum = _mm_and_si128(second, six);
    } else {
        scale = _mm_or_si128(_mm_and_si128(third, four), _mm_and_si128(_mm_srli_epi32(first, 2), top));
        minimum = _mm_or_si128(
            _mm_and_si128(_mm_srli_epi32(third, 4), four), _mm_and_si128(_mm_srli_epi32(second, 2), top));
    }
    __m512 d, dmin;
    two_halves(rows, at, &d, &dmin);
    to->a = _mm512_mul_ps(d, by_group(scale));
    to->b = _mm512_mul_ps(dmin, by_group(minimum));
}

VNNI INLINE void q4_codes(const uint8_t *p, __m512i *low, __m512i *high) {
    const __m512i nibble = _mm512_set1_epi8(15);
    __m512i v = _mm512_loadu_si512(p);
    __m512i even = _mm512_and_si512(v, nibble), odd = _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble);
    *low = _mm512_permutex2var_epi64(even, _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), odd);
    *high = _mm512_permutex2var_epi64(even, _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15), odd);
}

// ---- Q6_K and Q2_K: a byte of scales for each half of a group ----

// The two bytes of group g of row r, in both halves of lane 4 g + r.
VNNI INLINE __m512i byte_pairs(const uint8_t *const *rows, int64_t at, int half) {
    const __m512i first = _mm512_setr_epi32(
        0x00000000, 0x00080008, 0x00100010, 0x00180018, 0x00010001, 0x00090009, 0x00110011, 0x00190019,
        0x00020002, 0x000a000a, 0x00120012, 0x001a001a, 0x00030003, 0x000b000b, 0x00130013, 0x001b001b);
    const __m512i place = half == 0 ? first : _mm512_add_epi16(first, _mm512_set1_epi16(4));
    return _mm512_permutexvar_epi16(place, sixteen(rows, at));
}

VNNI INLINE void q6_scales(const uint8_t *const *rows, int64_t at, int half, struct scales *to) {
    __m512i pairs = byte_pairs(rows, at + 192, half);
    to->low = _mm512_srai_epi32(_mm512_slli_epi32(pairs, 24), 24);
    to->high = _mm512_srai_epi32(_mm512_slli_epi32(pairs, 16), 24);
    to->a = one_half(rows, at + 208);
}

// nibbles: groups 0 to 3 in parts 0 to 3, to be moved down in the latter two; top: the bytes with the two high bits.
VNNI INLINE __m512i six_bits(__m512i nibbles, __m512i top) {
    nibbles = _mm512_srlv_epi64(nibbles, _mm512_setr_epi64(0, 0, 0, 0, 4, 4, 4, 4));
    top = _mm512_rolv_epi32(top, _mm512_setr_epi32(4, 4, 4, 4, 2, 2, 2, 2, 0, 0, 0, 0, 30, 30, 30, 30));
    // Bits 0 to 3 of the first, the others of the second.
    __m512i joined = _mm512_ternarylogic_epi32(_mm512_set1_epi8(15), nibbles, top, 0xca);
    return _mm512_and_si512(joined, _mm512_set1_epi8(63));
}

VNNI INLINE void q6_codes(const uint8_t *nibbles, const uint8_t *top, __m512i *low, __m512i *high) {
    __m512i v = _mm512_loadu_si512(nibbles);
    *low = six_bits(_mm512_shuffle_i64x2(v, v, 0x88), broadcast(top));
    *high = six_bits(_mm512_shuffle_i64x2(v, v, 0xdd), broadcast(top + 16));
}

VNNI INLINE void q2_scales(const uint8_t *const *rows, int64_t at, int half, struct scales *to) {
    __m512i pairs = byte_pairs(rows, at, half);
    const __m512i nibble = _mm512_set1_epi32(15);
    to->low = _mm512_and_si512(pairs, nibble);
    to->high = _mm512_and_si512(_mm512_srli_epi32(pairs, 8), nibble);
    __m512i minima = _mm512_srlv_epi16(pairs, _mm512_set1_epi32(0x000c0004));
    minima = _mm512_and_si512(minima, _mm512_set1_epi16(15));
    to->minima = _mm512_sub_epi16(_mm512_setzero_si512(), minima);
    two_halves(rows, at + 80, &to->a, &to->b);
}

// The codes of group g times 4^g, as they lie in the bytes.
VNNI INLINE __m512i two_bits(const uint8_t *p) {
    return _mm512_and_si512(
        broadcast(p), _mm512_setr_epi64(
            0x0303030303030303, 0x0303030303030303, 0x0c0c0c0c0c0c0c0c, 0x0c0c0c0c0c0c0c0c, 0x3030303030303030,
            0x3030303030303030, (int64_t) 0xc0c0c0c0c0c0c0c0, (int64_t) 0xc0c0c0c0c0c0c0c0));
}

// Exact integers of codes by `two_bits` without these factors.
VNNI INLINE __m512i without_factors(__m512i v) {
    return _mm512_srav_epi32(v, _mm512_setr_epi32(0, 0, 0, 0, 2, 2, 2, 2, 4, 4, 4, 4, 6, 6, 6, 6));
}

// Such codes of a row times their scales instead, at most 45.
VNNI INLINE void q2_scaled(const uint8_t *block, int half, __m512i *low, __m512i *high) {
    // Bytes 8 half + 2 g of the scales, then as words times 0x0100 and 0x0302: tables of 0, 1, 2 and 3 times a scale.
    const __m512i first = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm256_set_m128i(_mm_set1_epi16(0x8002 - 0x10000), _mm_set1_epi16(0x8000 - 0x10000))),
        _mm256_set_m128i(_mm_set1_epi16(0x8006 - 0x10000), _mm_set1_epi16(0x8004 - 0x10000)), 1);
    const __m512i place = half == 0 ? first : _mm512_add_epi16(first, _mm512_set1_epi16(8));
    const __m512i steps = _mm512_set1_epi32(0x03020100);
    __m512i scales = _mm512_and_si512(broadcast(block), _mm512_set1_epi8(15));
    __m512i low_table = _mm512_mullo_epi16(_mm512_shuffle_epi8(scales, place), steps);
    __m512i high_place = _mm512_add_epi16(place, _mm512_set1_epi16(1));
    __m512i high_table = _mm512_mullo_epi16(_mm512_shuffle_epi8(scales, high_place), steps);
    const __m512i shifts = _mm512_setr_epi64(0, 0, 2, 2, 4, 4, 6, 6);
    *low = _mm512_shuffle_epi8(low_table, _mm512_srlv_epi64(*low, shifts));
    *high = _mm512_shuffle_epi8(high_table, _mm512_srlv_epi64(*high, shifts));
}

// Half a block of four rows; the block begins at byte `at` of each.
VNNI INLINE void decode(enum block_format format, const uint8_t *const *rows, int64_t at, int half, struct codes *codes,
                        struct scales *scales) {
    switch (format) {
        case Q4_K: q4_scales(rows, at, half, scales); break;
        case Q6_K: q6_scales(rows, at, half, scales); break;
        default: q2_scales(rows, at, half, scales);
    }
    for (int r = 0; r < ROWS; r++) {
        const uint8_t *block = rows[r] + at;
        if (format == Q4_K) {
            q4_codes(block + 16 + 64 * half, &codes->low[r], &codes->high[r]);
        } else if (format == Q6_K) {
            q6_codes(block + 64 * half, block + 128 + 32 * half, &codes->low[r], &codes->high[r]);
        } else {
            codes->low[r] = two_bits(block + 16 + 32 * half);
            codes->high[r] = two_bits(block + 32 + 32 * half);
        }
    }
}
