// Attention of some heads of one row over gathered entries, for 64-bit x86 with AVX-512. The definition is in Backend's
// Javadoc (attend), the scalar twin is ReferenceAttention, that on vectors CpuAttention. Entries are taken in blocks
// that stay in the cache while all heads read them.

#include <immintrin.h>

#include "common.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

enum { LANES = 16, HEADS = 4, ENTRIES = 4, BLOCK = 64, VECTORS = 4 };

// The sums of sixteen vectors, lane i with i + 8, then + 4, + 2, + 1; that of vector 4 i + j in lane 4 j + i.
AVX512 INLINE __m512 lane_sums(const __m512 v[16]) {
    __m512 eight[8], four[4], two[2];
    for (int i = 0; i < 8; i++) {
        __m512 a = v[2 * i], b = v[2 * i + 1];
        eight[i] = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
    }
    for (int i = 0; i < 4; i++) {
        __m512 a = eight[2 * i], b = eight[2 * i + 1];
        four[i] = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
    }
    for (int i = 0; i < 2; i++) {
        __m512 a = four[2 * i], b = four[2 * i + 1];
        two[i] = _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xee));
    }
    return _mm512_add_ps(_mm512_shuffle_ps(two[0], two[1], 0x88), _mm512_shuffle_ps(two[0], two[1], 0xdd));
}

// Four entries times four heads: lane 4 h + e is the product of head h and entry e.
AVX512 INLINE __m512 products(const float *const *entries, const float *const *queries, int64_t width) {
    __m512 sums[ENTRIES * HEADS];
    for (int i = 0; i < ENTRIES * HEADS; i++) {
        sums[i] = _mm512_setzero_ps();
    }
    for (int64_t k = 0; k < width; k += LANES) {
        __m512 x[HEADS];
        for (int h = 0; h < HEADS; h++) {
            x[h] = _mm512_loadu_ps(queries[h] + k);
        }
        for (int e = 0; e < ENTRIES; e++) {
            __m512 v = _mm512_loadu_ps(entries[e] + k);
            for (int h = 0; h < HEADS; h++) {
                sums[HEADS * e + h] = _mm512_fmadd_ps(v, x[h], sums[HEADS * e + h]);
            }
        }
    }
    return lane_sums(sums);
}

// p[h * n + e] = (query h . entry e) * scale for all heads and entries.
//
// q: [heads, width]. places: where each entry begins. width: a multiple of 16.
AVX512 EXPORT void hadal_attention_scores(const float *q, const float *entries, const int32_t *places, int32_t n,
                                          int32_t heads, int64_t width, float scale, float *p) {
    for (int32_t block = 0; block < n; block += BLOCK) {
        int32_t end = block + BLOCK < n ? block + BLOCK : n;
        for (int32_t first = 0; first < heads; first += HEADS) {
            int valid_heads = heads - first < HEADS ? heads - first : HEADS;
            const float *queries[HEADS];
            for (int h = 0; h < HEADS; h++) {
                queries[h] = q + (first + (h < valid_heads ? h : 0)) * width;
            }
            for (int32_t at = block; at < end; at += ENTRIES) {
                int valid = end - at < ENTRIES ? end - at : ENTRIES;
                const float *rows[ENTRIES];
                for (int e = 0; e < ENTRIES; e++) {
                    rows[e] = entries + places[at + (e < valid ? e : 0)];
                }
                float scores[ENTRIES * HEADS];
                _mm512_storeu_ps(scores, _mm512_mul_ps(products(rows, queries, width), _mm512_set1_ps(scale)));
                for (int h = 0; h < valid_heads; h++) {
                    for (int e = 0; e < valid; e++) {
                        p[(int64_t) (first + h) * n + at + e] = scores[ENTRIES * h + e];
                    }
                }
            }
        }
    }
}

// Adds the entries' channels c to c + 16 * vectors - 1, each times its probability, to the sums of four heads.
AVX512 INLINE void add_values(const float *const *p, const float *entries, const int32_t *places, int count, int64_t c,
                              int vectors, float *const *out, int first_block) {
    __m512 sums[HEADS][VECTORS];
    for (int h = 0; h < HEADS; h++) {
        for (int i = 0; i < vectors; i++) {
            sums[h][i] = first_block ? _mm512_setzero_ps() : _mm512_loadu_ps(out[h] + c + LANES * i);
        }
    }
    for (int e = 0; e < count; e++) {
        __m512 v[VECTORS];
        for (int i = 0; i < vectors; i++) {
            v[i] = _mm512_loadu_ps(entries + places[e] + c + LANES * i);
        }
        for (int h = 0; h < HEADS; h++) {
            __m512 w = _mm512_set1_ps(p[h][e]);
            for (int i = 0; i < vectors; i++) {
                sums[h][i] = _mm512_fmadd_ps(w, v[i], sums[h][i]);
            }
        }
    }
    for (int h = 0; h < HEADS; h++) {
        for (int i = 0; i < vectors; i++) {
            _mm512_storeu_ps(out[h] + c + LANES * i, sums[h][i]);
        }
    }
}

// out[h] = (sum of p[h * n + e] * entry e over ascending e) * factors[h].
AVX512 EXPORT void hadal_attention_values(const float *p, const float *factors, const float *entries,
                                          const int32_t *places, int32_t n, int32_t heads, int64_t width, float *out) {
    for (int32_t block = 0; block < n; block += BLOCK) {
        int count = n - block < BLOCK ? n - block : BLOCK;
        for (int64_t c = 0; c < width;) {
            int64_t left = (width - c) / LANES;
            for (int32_t first = 0; first < heads; first += HEADS) {
                const float *weights[HEADS];
                float *sums[HEADS];
                for (int h = 0; h < HEADS; h++) {
                    int64_t head = first + h < heads ? first + h : first;
                    weights[h] = p + head * n + block;
                    sums[h] = out + head * width;
                }
                if (left >= VECTORS) {
                    add_values(weights, entries, places + block, count, c, VECTORS, sums, block == 0);
                } else {
                    add_values(weights, entries, places + block, count, c, 1, sums, block == 0);
                }
            }
            c += left >= VECTORS ? VECTORS * LANES : LANES;
        }
    }
    for (int32_t h = 0; h < heads; h++) {
        __m512 factor = _mm512_set1_ps(factors[h]);
        for (int64_t c = 0; c < width; c += LANES) {
            float *at = out + h * width + c;
            _mm512_storeu_ps(at, _mm512_mul_ps(_mm512_loadu_ps(at), factor));
        }
    }
}
