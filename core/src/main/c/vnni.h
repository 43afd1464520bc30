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
