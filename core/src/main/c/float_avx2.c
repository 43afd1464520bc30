// The float kernels for 64-bit x86 with AVX2, FMA and F16C: two vectors of eight floats are the sixteen lanes.

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma,f16c")))
#define NAME(name) name##_avx2

// Twelve of the sixteen registers are sums.
#define ROWS 2
#define WIDTH 3
#define AHEAD 4

#include "common.h"

typedef struct {
    __m256 low, high;
} lanes;

TARGET INLINE lanes all(float x) { return (lanes) {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }

TARGET INLINE lanes load(const float *p) { return (lanes) {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }

TARGET INLINE void store(float *p, lanes v) {
    _mm256_storeu_ps(p, v.low);
    _mm256_storeu_ps(p + 8, v.high);
}

TARGET INLINE lanes multiply(lanes a, lanes b) {
    return (lanes) {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
}

TARGET INLINE lanes add_product(lanes a, lanes b, lanes sum) {
    return (lanes) {_mm256_fmadd_ps(a.low, b.low, sum.low), _mm256_fmadd_ps(a.high, b.high, sum.high)};
}

// Lanes i with i + 8, then + 4, + 2, + 1.
TARGET INLINE float add_lanes(lanes v) {
    __m256 a = _mm256_add_ps(v.low, v.high);
    __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    __m128 c = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(c, _mm_movehdup_ps(c)));
}

TARGET INLINE void add_rows(const lanes sums[ROWS], float products[ROWS]) {
    for (int r = 0; r < ROWS; r++) {
        products[r] = add_lanes(sums[r]);
    }
}

TARGET INLINE __m128i eight_bytes(const uint8_t *p) { return _mm_loadl_epi64((const __m128i *) p); }

TARGET INLINE float half(const uint8_t *p) {
    uint16_t bits;
    __builtin_memcpy(&bits, p, 2);
    return _cvtsh_ss(bits);
}

TARGET INLINE lanes f16(const uint8_t *p) {
    return (lanes) {
        _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) p)),
        _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) (p + 16)))};
}

TARGET INLINE __m256 bf16_part(const uint8_t *p) {
    __m256i codes = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *) p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(codes, 16));
}

TARGET INLINE lanes bf16(const uint8_t *p) { return (lanes) {bf16_part(p), bf16_part(p + 16)}; }

TARGET INLINE __m256 signed_part(const uint8_t *p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(eight_bytes(p)));
}

TARGET INLINE lanes signed_bytes(const uint8_t *p) { return (lanes) {signed_part(p), signed_part(p + 8)}; }

// The value of the E2M1 code in the four low bits of each element.
TARGET INLINE __m256 e2m1(__m256i codes) {
    const __m256 magnitudes = _mm256_setr_ps(0.f, 0.5f, 1.f, 1.5f, 2.f, 3.f, 4.f, 6.f);
    __m256 sign = _mm256_and_ps(_mm256_castsi256_ps(_mm256_slli_epi32(codes, 28)), _mm256_set1_ps(-0.f));
    return _mm256_or_ps(_mm256_permutevar8x32_ps(magnitudes, codes), sign);
}

TARGET INLINE __m256i codes_of(const uint8_t *p) { return _mm256_cvtepu8_epi32(eight_bytes(p)); }

TARGET INLINE lanes low_nibbles(const uint8_t *p) { return (lanes) {e2m1(codes_of(p)), e2m1(codes_of(p + 8))}; }

TARGET INLINE lanes high_nibbles(const uint8_t *p) {
    return (lanes) {e2m1(_mm256_srli_epi32(codes_of(p), 4)), e2m1(_mm256_srli_epi32(codes_of(p + 8), 4))};
}

// Neighbours that share a byte, of eight bytes.
TARGET INLINE lanes pairs(const uint8_t *p) {
    const __m256i shifts = _mm256_setr_epi32(0, 4, 0, 4, 0, 4, 0, 4);
    __m128i twice = _mm_unpacklo_epi8(eight_bytes(p), eight_bytes(p));
    return (lanes) {
        e2m1(_mm256_srlv_epi32(_mm256_cvtepu8_epi32(twice), shifts)),
        e2m1(_mm256_srlv_epi32(_mm256_cvtepu8_epi32(_mm_srli_si128(twice, 8)), shifts))};
}

// The magnitude bits of E4M3 codes at a float's place: the value times 2^-120, subnormals included.
TARGET INLINE __m256 e4m3_part(const uint8_t *p) {
    __m256i moved = _mm256_slli_epi32(_mm256_cvtepi8_epi32(eight_bytes(p)), 20);
    return _mm256_castsi256_ps(_mm256_and_si256(moved, _mm256_set1_epi32((int) 0x87f00000)));
}

TARGET INLINE lanes e4m3(const uint8_t *p) { return (lanes) {e4m3_part(p), e4m3_part(p + 8)}; }

TARGET INLINE __m256 set_nan_part(__m256 value, const uint8_t *p) {
    const __m256i nan = _mm256_set1_epi32(0x7f);
    __m256i is = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_cvtepi8_epi32(eight_bytes(p)), nan), nan);
    return _mm256_blendv_ps(value, _mm256_set1_ps(__builtin_nanf("")), _mm256_castsi256_ps(is));
}

// NaN where the code is.
TARGET INLINE lanes set_nan(lanes value, const uint8_t *p) {
    return (lanes) {set_nan_part(value.low, p), set_nan_part(value.high, p + 8)};
}

// Whether one of 128 codes is NaN.
TARGET INLINE int has_nan(const uint8_t *p) {
    const __m256i nan = _mm256_set1_epi8(0x7f);
    __m256i any = _mm256_setzero_si256();
    for (int i = 0; i < 128; i += 32) {
        __m256i codes = _mm256_and_si256(_mm256_loadu_si256((const __m256i *) (p + i)), nan);
        any = _mm256_or_si256(any, _mm256_cmpeq_epi8(codes, nan));
    }
    return !_mm256_testz_si256(any, any);
}

#include "float.h"
