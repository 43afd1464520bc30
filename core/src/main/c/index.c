// Scores of index keys kept in FP4, for 64-bit x86 with AVX-512 VNNI. The definition is in Backend's Javadoc (select),
// the scalar twin is ReferenceKey, that on vectors Fp4Keys. Keys lie side by side, sixteen in a block: a lane is a key.

#include "vnni.h"

enum { KEYS = 16, WIDTH = 128, GROUPS = 4, HEADS = 8, LANES = 16, VECTORS = 8 };

struct queries {
    const int8_t *codes;     // [rows, heads, 128], of each eight the even ones, then the odd ones
    const int32_t *offsets;  // [rows, heads, 4], what the keys' offset of 12 adds, negative
    const float *scales;     // [rows, heads, 4]
    const float *weights;    // [rows, heads]
    float scale;
    int32_t heads;
};

// Unsigned codes of a block, eight vectors for each group, then the scales of its groups.
struct panel {
    __m512i codes[GROUPS * VECTORS];
    __m512 scales[GROUPS];
};

VNNI INLINE void unpack(const uint8_t *block, struct panel *panel) {
    const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(DOUBLED_PLUS_12));
    const __m512i nibble = _mm512_set1_epi8(15);
    for (int w = 0; w < GROUPS * VECTORS / 2; w++) {
        __m512i v = _mm512_loadu_si512(block + w * 64);
        panel->codes[2 * w] = _mm512_shuffle_epi8(table, _mm512_and_si512(v, nibble));
        panel->codes[2 * w + 1] = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble));
    }
    for (int g = 0; g < GROUPS; g++) {
        __m128i e = _mm_loadu_si128((const __m128i *) (block + KEYS * WIDTH / 2 + KEYS * g));
        panel->scales[g] = half_scales(_mm512_cvtepu8_epi32(e));
    }
}

// Products of one group of the keys with those of some heads; `out` gets one vector for each head.
VNNI INLINE void group(const struct panel *panel, int g, const int8_t *codes, const int32_t *offsets,
                       const float *scales, __m512 *out) {
    __m512i dots[HEADS];
    for (int h = 0; h < HEADS; h++) {
        dots[h] = _mm512_set1_epi32(offsets[h * GROUPS + g]);
    }
    for (int i = 0; i < VECTORS; i++) {
        __m512i v = panel->codes[g * VECTORS + i];
        for (int h = 0; h < HEADS; h++) {
            int32_t four;
            __builtin_memcpy(&four, codes + h * WIDTH + g * 32 + 4 * i, 4);
            dots[h] = _mm512_dpbusd_epi32(dots[h], v, _mm512_set1_epi32(four));
        }
    }
    for (int h = 0; h < HEADS; h++) {
        __m512 scale = _mm512_mul_ps(panel->scales[g], _mm512_set1_ps(scales[h * GROUPS + g]));
        out[h] = _mm512_mul_ps(_mm512_cvtepi32_ps(dots[h]), scale);
    }
}

// Scores of the keys of a panel for one row.
VNNI INLINE __m512 scores_of(const struct panel *panel, const struct queries *q, int64_t row) {
    __m512 lanes[LANES];
    for (int l = 0; l < LANES; l++) {
        lanes[l] = _mm512_setzero_ps();
    }
    for (int first = 0; first < q->heads; first += HEADS) {
        int64_t part = row * q->heads + first;
        __m512 sums[GROUPS][HEADS];
        for (int g = 0; g < GROUPS; g++) {
            group(panel, g, q->codes + part * WIDTH, q->offsets + part * GROUPS, q->scales + part * GROUPS, sums[g]);
        }
        for (int h = 0; h < HEADS; h++) {
            __m512 dot = _mm512_add_ps(
                _mm512_add_ps(sums[0][h], sums[2][h]), _mm512_add_ps(sums[1][h], sums[3][h]));
            __m512 *lane = &lanes[(first + h) % LANES];
            __m512 weight = _mm512_set1_ps(q->weights[part + h] * q->scale);
            // In this order a NaN stays one.
            *lane = _mm512_fmadd_ps(weight, _mm512_max_ps(_mm512_setzero_ps(), dot), *lane);
        }
    }
    for (int step = LANES / 2; step >= 1; step /= 2) {
        for (int l = 0; l < step; l++) {
            lanes[l] = _mm512_add_ps(lanes[l], lanes[l + step]);
        }
    }
    return lanes[0];
}

// scores[r * stride + k] = the score of key k for row r, for whole blocks of keys of width 128.
//
// keys: blocks one behind the other. heads: a multiple of 8.
VNNI EXPORT void hadal_index_scores(const uint8_t *keys, int32_t blocks, const int8_t *codes, const int32_t *offsets,
                                    const float *scales, const float *weights, float scale, int32_t heads,
                                    int32_t rows, float *scores, int64_t stride) {
    struct queries q = {codes, offsets, scales, weights, scale, heads};
    for (int b = 0; b < blocks; b++) {
        struct panel panel;
        unpack(keys + (int64_t) b * KEYS * (WIDTH / 2 + GROUPS), &panel);
        for (int r = 0; r < rows; r++) {
            _mm512_storeu_ps(scores + r * stride + b * KEYS, scores_of(&panel, &q, r));
        }
    }
}
