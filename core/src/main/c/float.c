// Stored rows times one float vector, for 64-bit x86 with AVX-512. The order of additions is that of Backend's dot:
// sixteen lanes, element k in lane k mod 16 by fused multiply-add in ascending k, then a tree. The scalar twins are
// WeightRows and Arithmetic; what these kernels add to those in Java is fetching rows ahead.

#include "common.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

enum { TILE = 128 };

// The UE8M0 code of 2^7: a larger scale times 2^120 is no float.
enum { LARGEST_SCALE = 134 };

// 1 where these kernels run, 0 where the processor lacks an instruction.
EXPORT int32_t hadal_float_serves(void) {
    return has_avx512();
}

// Lanes i with i + 8, then + 4, + 2, + 1.
AVX512 INLINE float add_lanes(__m512 v) {
    __m256 a = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
    __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    __m128 c = _mm_add_ps(b, _mm_movehl_ps(b, b));
    return _mm_cvtss_f32(_mm_add_ss(c, _mm_movehdup_ps(c)));
}

INLINE float e8m0(uint8_t e) {
    uint32_t bits = e == 255 ? 0x7fc00000 : e == 0 ? 0x00400000 : (uint32_t) e << 23;
    float value;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}

// Sixteen E4M3 codes times a scale that has 2^120 in it: the magnitude bits at a float's place are the value times
// 2^-120, subnormals included.
AVX512 INLINE __m512 e4m3(const uint8_t *p, __m512 scale) {
    __m512i moved = _mm512_slli_epi32(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *) p)), 20);
    __m512 value = _mm512_castsi512_ps(_mm512_and_si512(moved, _mm512_set1_epi32((int) 0x87f00000)));
    return _mm512_mul_ps(value, scale);
}

// The same for any scale and for the code that is NaN.
AVX512 INLINE __m512 e4m3_any(const uint8_t *p, __m512 scale) {
    __m512i codes = _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *) p));
    __mmask16 nan = _mm512_cmpeq_epi32_mask(
        _mm512_and_si512(codes, _mm512_set1_epi32(0x7f)), _mm512_set1_epi32(0x7f));
    __m512 value = _mm512_mask_mov_ps(e4m3(p, _mm512_set1_ps(0x1p120f)), nan, _mm512_set1_ps(__builtin_nanf("")));
    return _mm512_mul_ps(value, scale);
}

AVX512 INLINE int has_nan(const uint8_t *p) {
    const __m512i nan = _mm512_set1_epi8(0x7f);
    __m512i a = _mm512_and_si512(_mm512_loadu_si512(p), nan), b = _mm512_and_si512(_mm512_loadu_si512(p + 64), nan);
    return (_mm512_cmpeq_epi8_mask(a, nan) | _mm512_cmpeq_epi8_mask(b, nan)) != 0;
}

// Fetches the first rows of a stretch, which nothing before it could.
INLINE void begin(const uint8_t *data, int64_t stride, int64_t first, int64_t end) {
    fetch(data + first * stride, first + 2 * ROWS <= end ? 2 * ROWS * stride : 0);
}

AVX512 INLINE __m512 bf16(const uint8_t *p) {
    __m512i codes = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *) p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(codes, 16));
}

// Rows of elements of `size` bytes, 4 for F32 and 2 for BF16.
AVX512 INLINE void plain_rows(const uint8_t *data, int size, int64_t stride, int64_t first, int64_t end, int64_t cols,
                              const float *x, float *y) {
    begin(data, stride, first, end);
    for (int64_t row = first; row < end; row += ROWS) {
        const uint8_t *rows[ROWS];
        for (int r = 0; r < ROWS; r++) {
            rows[r] = data + (row + r < end ? row + r : end - 1) * stride;
        }
        const uint8_t *ahead = rows[0] + 2 * ROWS * stride;
        int64_t step = row + 2 * ROWS < end ? 32 * size * ROWS : 0;
        __m512 sums[ROWS] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
        for (int64_t k = 0; k < cols; k += 32) {
            fetch(ahead + k / 32 * step, step);
            for (int64_t i = k; i < k + 32; i += 16) {
                __m512 input = _mm512_loadu_ps(x + i);
                for (int r = 0; r < ROWS; r++) {
                    const uint8_t *p = rows[r] + size * i;
                    sums[r] = _mm512_fmadd_ps(size == 2 ? bf16(p) : _mm512_loadu_ps(p), input, sums[r]);
                }
            }
        }
        for (int r = 0; r < ROWS && row + r < end; r++) {
            y[row - first + r] = add_lanes(sums[r]);
        }
    }
}

// y[r] = row first + r . x. cols: a multiple of 32.
AVX512 EXPORT void hadal_bf16_rows(const uint8_t *data, int64_t stride, int64_t first, int64_t end, int64_t cols,
                                   const float *x, float *y) {
    plain_rows(data, 2, stride, first, end, cols, x, y);
}

AVX512 EXPORT void hadal_f32_rows(const uint8_t *data, int64_t stride, int64_t first, int64_t end, int64_t cols,
                                  const float *x, float *y) {
    plain_rows(data, 4, stride, first, end, cols, x, y);
}

// y[r] = row first + r . x. cols: a multiple of 128. scale: a byte for each tile of 128 x 128.
AVX512 EXPORT void hadal_e4m3_rows(const uint8_t *data, int64_t stride, const uint8_t *scale, int64_t first, int64_t end,
                                   int64_t cols, const float *x, float *y) {
    int64_t tiles = cols / TILE;
    begin(data, stride, first, end);
    for (int64_t row = first; row < end; row += ROWS) {
        const uint8_t *rows[ROWS], *scales[ROWS];
        for (int r = 0; r < ROWS; r++) {
            int64_t at = row + r < end ? row + r : end - 1;
            rows[r] = data + at * stride;
            scales[r] = scale + at / TILE * tiles;
        }
        // Rows to come, in the order of memory.
        const uint8_t *ahead = rows[0] + 2 * ROWS * stride;
        int64_t step = row + 2 * ROWS < end ? ROWS * stride / tiles : 0;
        __m512 sums[ROWS] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
        for (int64_t t = 0; t < tiles; t++) {
            fetch(ahead + t * step, step);
            int any = 0;
            for (int r = 0; r < ROWS; r++) {
                any |= scales[r][t] > LARGEST_SCALE || has_nan(rows[r] + t * TILE);
            }
            const float *v = x + t * TILE;
            if (any) {
                for (int r = 0; r < ROWS; r++) {
                    __m512 s = _mm512_set1_ps(e8m0(scales[r][t]));
                    for (int k = 0; k < TILE; k += 16) {
                        sums[r] = _mm512_fmadd_ps(e4m3_any(rows[r] + t * TILE + k, s), _mm512_loadu_ps(v + k), sums[r]);
                    }
                }
                continue;
            }
            __m512 s[ROWS];
            for (int r = 0; r < ROWS; r++) {
                s[r] = _mm512_set1_ps(e8m0(scales[r][t]) * 0x1p120f);
            }
            for (int k = 0; k < TILE; k += 16) {
                __m512 input = _mm512_loadu_ps(v + k);
                for (int r = 0; r < ROWS; r++) {
                    sums[r] = _mm512_fmadd_ps(e4m3(rows[r] + t * TILE + k, s[r]), input, sums[r]);
                }
            }
        }
        for (int r = 0; r < ROWS && row + r < end; r++) {
            y[row - first + r] = add_lanes(sums[r]);
        }
    }
}
