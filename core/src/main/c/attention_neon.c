// Attention of some heads of one row over gathered entries, for 64-bit ARM; attention.c says what is computed. The
// sixteen lanes of a product are computed four at a time, so that the sums of four entries and four heads stay in
// registers. Entries are taken in blocks that stay in the cache while all heads read them.

#include <arm_neon.h>

#include "common.h"

enum { LANES = 16, PART = 4, PARTS = LANES / PART, HEADS = 4, ENTRIES = 4, BLOCK = 64 };

// Lanes i with i + 8, then + 4.
INLINE float32x4_t add_parts(float32x4_t parts[PARTS][HEADS][ENTRIES], int h, int e) {
    return vaddq_f32(
        vaddq_f32(parts[0][h][e], parts[2][h][e]), vaddq_f32(parts[1][h][e], parts[3][h][e]));
}

// The sums of four vectors, lane i with i + 2, then + 1.
INLINE float32x4_t lane_sums(const float32x4_t v[4]) {
    float32x2_t two[4];
    for (int i = 0; i < 4; i++) {
        two[i] = vadd_f32(vget_low_f32(v[i]), vget_high_f32(v[i]));
    }
    return vpaddq_f32(vcombine_f32(two[0], two[1]), vcombine_f32(two[2], two[3]));
}

// Four entries times four heads: lane e of products[h].
INLINE void multiply(const float *const *entries, const float *const *queries, int64_t width,
                     float32x4_t products[HEADS]) {
    float32x4_t parts[PARTS][HEADS][ENTRIES];
    for (int part = 0; part < PARTS; part++) {
        float32x4_t sums[HEADS][ENTRIES];
        for (int h = 0; h < HEADS; h++) {
            for (int e = 0; e < ENTRIES; e++) {
                sums[h][e] = vdupq_n_f32(0);
            }
        }
        for (int64_t k = PART * part; k < width; k += LANES) {
            float32x4_t v[ENTRIES];
            for (int e = 0; e < ENTRIES; e++) {
                v[e] = vld1q_f32(entries[e] + k);
            }
            for (int h = 0; h < HEADS; h++) {
                float32x4_t x = vld1q_f32(queries[h] + k);
                for (int e = 0; e < ENTRIES; e++) {
                    sums[h][e] = vfmaq_f32(sums[h][e], v[e], x);
                }
            }
        }
        for (int h = 0; h < HEADS; h++) {
            for (int e = 0; e < ENTRIES; e++) {
                parts[part][h][e] = sums[h][e];
            }
        }
    }
    for (int h = 0; h < HEADS; h++) {
        float32x4_t four[ENTRIES];
        for (int e = 0; e < ENTRIES; e++) {
            four[e] = add_parts(parts, h, e);
        }
        products[h] = lane_sums(four);
    }
}

// p[h * n + e] = (query h . entry e) * scale for all heads and entries.
//
// q: [heads, width]. places: where each entry begins. width: a multiple of 16.
EXPORT void hadal_attention_scores(const float *q, const float *entries, const int32_t *places, int32_t n,
                                   int32_t heads, int64_t width, float scale, float *p) {
    for (int32_t block = 0; block < n; block += BLOCK) {
        const int32_t end = block + BLOCK < n ? block + BLOCK : n;
        for (int32_t first = 0; first < heads; first += HEADS) {
            const int valid_heads = heads - first < HEADS ? heads - first : HEADS;
            const float *queries[HEADS];
            for (int h = 0; h < HEADS; h++) {
                queries[h] = q + (first + (h < valid_heads ? h : 0)) * width;
            }
            for (int32_t at = block; at < end; at += ENTRIES) {
                const int valid = end - at < ENTRIES ? end - at : ENTRIES;
                const float *rows[ENTRIES];
                for (int e = 0; e < ENTRIES; e++) {
                    rows[e] = entries + places[at + (e < valid ? e : 0)];
                }
                float32x4_t products[HEADS];
                multiply(rows, queries, width, products);
                for (int h = 0; h < valid_heads; h++) {
                    float scores[ENTRIES];
                    vst1q_f32(scores, vmulq_n_f32(products[h], scale));
                    __builtin_memcpy(p + (int64_t) (first + h) * n + at, scores, valid * sizeof(float));
                }
            }
        }
    }
}

// Adds sixteen channels of entries, those from c on, each times its probability, to the sums of four heads.
INLINE void add_values(const float *const *p, const float *entries, const int32_t *places, int count, int64_t c,
                       float *const *out, int first_block) {
    float32x4_t sums[HEADS][PARTS];
    for (int h = 0; h < HEADS; h++) {
        for (int i = 0; i < PARTS; i++) {
            sums[h][i] = first_block ? vdupq_n_f32(0) : vld1q_f32(out[h] + c + PART * i);
        }
    }
    for (int e = 0; e < count; e++) {
        const float *entry = entries + places[e] + c;
        float32x4_t v[PARTS];
        for (int i = 0; i < PARTS; i++) {
            v[i] = vld1q_f32(entry + PART * i);
        }
        for (int h = 0; h < HEADS; h++) {
            for (int i = 0; i < PARTS; i++) {
                sums[h][i] = vfmaq_n_f32(sums[h][i], v[i], p[h][e]);
            }
        }
    }
    for (int h = 0; h < HEADS; h++) {
        for (int i = 0; i < PARTS; i++) {
            vst1q_f32(out[h] + c + PART * i, sums[h][i]);
        }
    }
}

// out[h] = (sum of p[h * n + e] * entry e over ascending e) * factors[h].
EXPORT void hadal_attention_values(const float *p, const float *factors, const float *entries, const int32_t *places,
                                   int32_t n, int32_t heads, int64_t width, float *out) {
    for (int32_t block = 0; block < n; block += BLOCK) {
        const int count = n - block < BLOCK ? n - block : BLOCK;
        for (int64_t c = 0; c < width; c += LANES) {
            for (int32_t first = 0; first < heads; first += HEADS) {
                const float *weights[HEADS];
                float *sums[HEADS];
                for (int h = 0; h < HEADS; h++) {
                    int64_t head = first + h < heads ? first + h : first;
                    weights[h] = p + head * n + block;
                    sums[h] = out + head * width;
                }
                add_values(weights, entries, places + block, count, c, sums, block == 0);
            }
        }
    }
    for (int32_t h = 0; h < heads; h++) {
        for (int64_t c = 0; c < width; c += PART) {
            float *at = out + h * width + c;
            vst1q_f32(at, vmulq_n_f32(vld1q_f32(at), factors[h]));
        }
    }
}
