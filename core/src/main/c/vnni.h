// What the kernels of integer groups share.
//
// The 8-bit dot product multiplies unsigned by signed bytes. So stored codes get an offset that makes them unsigned, and
// the offset times the sum of the other side's codes, which is known, is taken off the integer again.

#pragma once

#include <immintrin.h>

#include "common.h"

#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,f16c")))

// Twice the values of E2M1 codes, plus 12.
#define DOUBLED_PLUS_12 12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0

// Half of what UE8M0 codes mean: 2^(e - 128), NaN for 255.
VNNI INLINE __m512 half_scales(__m512i e) {
    __m512i bits = _mm512_slli_epi32(_mm512_sub_epi32(e, _mm512_set1_epi32(1)), 23);
    __mmask16 subnormal = _mm512_cmplt_epi32_mask(e, _mm512_set1_epi32(2));
    bits = _mm512_mask_slli_epi32(bits, subnormal, _mm512_add_epi32(e, _mm512_set1_epi32(1)), 21);
    __mmask16 nan = _mm512_cmpeq_epi32_mask(e, _mm512_set1_epi32(255));
    return _mm512_castsi512_ps(_mm512_mask_mov_epi32(bits, nan, _mm512_set1_epi32(0x7fc00000)));
}

// 16 bytes from each of four places on, side by side.
VNNI INLINE __m512i sixteen(const uint8_t *const p[4], int64_t at) {
    __m512i v = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *) (p[0] + at)));
    v = _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *) (p[1] + at)), 1);
    v = _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *) (p[2] + at)), 2);
    return _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *) (p[3] + at)), 3);
}

// Kernels for four rows and groups at a time have what belongs to row r and group g in lane 4 g + r, and the codes of group
// g in 128-bit part g: elements 0 to 15 in one vector, 16 to 31 in another.

// The codes of four groups of an input in that order.
VNNI INLINE void halves_of(const int8_t *codes, __m512i *low, __m512i *high) {
    __m512i q01 = _mm512_loadu_si512(codes), q23 = _mm512_loadu_si512(codes + 64);
    *low = _mm512_permutex2var_epi64(q01, _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13), q23);
    *high = _mm512_permutex2var_epi64(q01, _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15), q23);
}

// Adds each 128-bit part of four vectors: the sum of part g of v[r] in lane 4 g + r.
VNNI INLINE __m512i part_sums(const __m512i v[4]) {
    __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(v[0], v[1]), _mm512_unpackhi_epi32(v[0], v[1]));
    __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(v[2], v[3]), _mm512_unpackhi_epi32(v[2], v[3]));
    return _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
}

// The products of the first `count` rows, from sums whose lanes are those of groups g mod 4.
VNNI INLINE void store_rows(__m512 sums, int count, float *y) {
    float lanes[16];
    _mm512_storeu_ps(lanes, sums);
    for (int r = 0; r < count; r++) {
        y[r] = (lanes[r] + lanes[8 + r]) + (lanes[4 + r] + lanes[12 + r]);
    }
}

// Turns the 32-bit elements of four vectors round within each 128-bit part: v[j] becomes element j of vectors 0 to 3.
VNNI INLINE void turn_parts(__m512i v[4]) {
    __m512i low01 = _mm512_unpacklo_epi32(v[0], v[1]), high01 = _mm512_unpackhi_epi32(v[0], v[1]);
    __m512i low23 = _mm512_unpacklo_epi32(v[2], v[3]), high23 = _mm512_unpackhi_epi32(v[2], v[3]);
    v[0] = _mm512_unpacklo_epi64(low01, low23);
    v[1] = _mm512_unpackhi_epi64(low01, low23);
    v[2] = _mm512_unpacklo_epi64(high01, high23);
    v[3] = _mm512_unpackhi_epi64(high01, high23);
}

// Four vectors of four rows each to one of sixteen rows for each group: that of group g to to[g * step].
VNNI INLINE void by_rows(const __m512i v[4], __m512i *to, int step) {
    __m512i a = _mm512_shuffle_i32x4(v[0], v[1], 0x44), b = _mm512_shuffle_i32x4(v[2], v[3], 0x44);
    __m512i c = _mm512_shuffle_i32x4(v[0], v[1], 0xee), d = _mm512_shuffle_i32x4(v[2], v[3], 0xee);
    to[0] = _mm512_shuffle_i32x4(a, b, 0x88);
    to[step] = _mm512_shuffle_i32x4(a, b, 0xdd);
    to[2 * step] = _mm512_shuffle_i32x4(c, d, 0x88);
    to[3 * step] = _mm512_shuffle_i32x4(c, d, 0xdd);
}
