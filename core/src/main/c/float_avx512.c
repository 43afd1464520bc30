// The float kernels for 64-bit x86 with AVX-512.

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c")))
#define NAME(name) name##_avx512

// Twenty-four sums, four rows and a vector fill most of the 32 registers.
#define ROWS 4
#define WIDTH 6
#define AHEAD 2

#include "common.h"

typedef __m512 lanes;

TARGET INLINE lanes all(float x) { return _mm512_set1_ps(x); }

TARGET INLINE lanes load(const float *p) { return _mm512_loadu_ps(p); }

TARGET INLINE void store(float *p, lanes v) { _mm512_storeu_ps(p, v); }

TARGET INLINE lanes multiply(lanes a, lanes b) { return _mm512_mul_ps(a, b); }

TARGET INLINE lanes add_product(lanes a, lanes b, lanes sum) { return _mm512_fmadd_ps(a, b, sum); }

// Lanes i with i + 8, then + 4, + 2, + 1, of four vectors side by side.
TARGET INLINE void add_rows(const lanes sums[ROWS], float products[ROWS]) {
    __m512 a = _mm512_add_ps(
        _mm512_shuffle_f32x4(sums[0], sums[1], 0x44), _mm512_shuffle_f32x4(sums[0], sums[1], 0xee));
    __m512 b = _mm512_add_ps(
        _mm512_shuffle_f32x4(sums[2], sums[3], 0x44), _mm512_shuffle_f32x4(sums[2], sums[3], 0xee));
    __m512 c = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
    c = _mm512_add_ps(c, _mm512_permute_ps(c, 0x4e));
    c = _mm512_add_ps(c, _mm512_permute_ps(c, 0xb1));
    _mm_storeu_ps(products, _mm512_castps512_ps128(
        _mm512_permutexvar_ps(_mm512_setr_epi32(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), c)));
}

TARGET INLINE float half(const uint8_t *p) {
    uint16_t bits;
    __builtin_memcpy(&bits, p, 2);
    return _cvtsh_ss(bits);
}

TARGET INLINE lanes f16(const uint8_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) p)); }

TARGET INLINE lanes bf16(const uint8_t *p) {
    __m512i codes = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *) p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(codes, 16));
}

TARGET INLINE lanes signed_bytes(const uint8_t *p) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *) p)));
}

// The value of the E2M1 code in the four low bits of each element.
TARGET INLINE lanes e2m1(__m512i codes) {
    const __m512 values = _mm512_setr_ps(
        0.f, 0.5f, 1.f, 1.5f, 2.f, 3.f, 4.f, 6.f, -0.f, -0.5f, -1.f, -1.5f, -2.f, -3.f, -4.f, -6.f);
    return _mm512_permutexvar_ps(codes, values);
}

TARGET INLINE lanes low_nibbles(const uint8_t *p) {
    return e2m1(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *) p)));
}

TARGET INLINE lanes high_nibbles(const uint8_t *p) {
    return e2m1(_mm512_srli_epi32(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *) p)), 4));
}

// Neighbours that share a byte, of eight bytes.
TARGET INLINE lanes pairs(const uint8_t *p) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *) p);
    __m512i twice = _mm512_cvtepu8_epi32(_mm_unpacklo_epi8(bytes, bytes));
    return e2m1(_mm512_srlv_epi32(twice, _mm512_setr_epi32(0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4)));
}

// The magnitude bits of E4M3 codes at a float's place: the value times 2^-120, subnormals included.
TARGET INLINE lanes e4m3(const uint8_t *p) {
    __m512i moved = _mm512_slli_epi32(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *) p)), 20);
    return _mm512_castsi512_ps(_mm512_and_si512(moved, _mm512_set1_epi32((int) 0x87f00000)));
}

// NaN where the code is.
TARGET INLINE lanes set_nan(lanes value, const uint8_t *p) {
    const __m128i nan = _mm_set1_epi8(0x7f);
    __mmask16 is = _mm_cmpeq_epi8_mask(_mm_and_si128(_mm_loadu_si128((const __m128i *) p), nan), nan);
    return _mm512_mask_mov_ps(value, is, _mm512_set1_ps(__builtin_nanf("")));
}

// Whether one of 128 codes is NaN.
TARGET INLINE int has_nan(const uint8_t *p) {
    const __m512i nan = _mm512_set1_epi8(0x7f);
    __m512i a = _mm512_and_si512(_mm512_loadu_si512(p), nan), b = _mm512_and_si512(_mm512_loadu_si512(p + 64), nan);
    return (_mm512_cmpeq_epi8_mask(a, nan) | _mm512_cmpeq_epi8_mask(b, nan)) != 0;
}

#include "float.h"
