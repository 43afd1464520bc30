// Scores of index keys kept in FP4, for 64-bit ARM with the 8-bit dot product; index.c says what is computed. Keys lie
// side by side, sixteen in a block, of which four are taken at a time: a lane is a key. This product is one of signed
// bytes, so codes need no offset.

#include "common.h"
#include "dotprod.h"
#include "fp4_neon.h"

enum { KEYS = 16, WIDTH = 128, GROUPS = 4, HEADS = 8, LANES = 16, VECTORS = 8, QUADS = KEYS / 4 };

struct queries {
    const int8_t *codes;  // [rows, heads, 128], of each eight the even ones, then the odd ones
    const float *scales;  // [rows, heads, 4]
    const float *weights; // [rows, heads]
    float scale;
    int32_t heads;
};

// Codes of four keys, eight vectors for each group, then the scales of its groups.
struct panel {
    int8x16_t codes[GROUPS * VECTORS];
    float32x4_t scales[GROUPS];
};

DOTPROD INLINE void unpack(const uint8_t *block, int quad, struct panel *panel) {
    static const int8_t doubled[16] = {DOUBLED};
    const int8x16_t table = vld1q_s8(doubled);
    for (int w = 0; w < GROUPS * VECTORS / 2; w++) {
        uint8x16_t v = vld1q_u8(block + w * 64 + quad * 16);
        panel->codes[2 * w] = vqtbl1q_s8(table, vandq_u8(v, vdupq_n_u8(15)));
        panel->codes[2 * w + 1] = vqtbl1q_s8(table, vshrq_n_u8(v, 4));
    }
    for (int g = 0; g < GROUPS; g++) {
        uint32_t e;
        __builtin_memcpy(&e, block + KEYS * WIDTH / 2 + KEYS * g + 4 * quad, 4);
        panel->scales[g] = half_scales(four_bytes(e));
    }
}

#define ADD_DOTS(i, q) dots[h] = vdotq_laneq_s32(dots[h], v[i], q, i % 4);

// Products of one group of the keys with those of some heads; `out` gets one vector for each head.
DOTPROD INLINE void group(const struct panel *panel, int g, const int8_t *codes, const float *scales,
                          float32x4_t *out) {
    const int8x16_t *v = panel->codes + g * VECTORS;
    int32x4_t dots[HEADS];
    for (int h = 0; h < HEADS; h++) {
        int8x16_t low = vld1q_s8(codes + h * WIDTH + g * 32), high = vld1q_s8(codes + h * WIDTH + g * 32 + 16);
        dots[h] = vdupq_n_s32(0);
        ADD_DOTS(0, low)
        ADD_DOTS(1, low)
        ADD_DOTS(2, low)
        ADD_DOTS(3, low)
        ADD_DOTS(4, high)
        ADD_DOTS(5, high)
        ADD_DOTS(6, high)
        ADD_DOTS(7, high)
    }
    for (int h = 0; h < HEADS; h++) {
        out[h] = vmulq_f32(vcvtq_f32_s32(dots[h]), vmulq_n_f32(panel->scales[g], scales[h * GROUPS + g]));
    }
}

// Scores of the keys of a panel for one row.
DOTPROD INLINE float32x4_t scores_of(const struct panel *panel, const struct queries *q, int64_t row) {
    float32x4_t lanes[LANES];
    for (int l = 0; l < LANES; l++) {
        lanes[l] = vdupq_n_f32(0);
    }
    for (int first = 0; first < q->heads; first += HEADS) {
        int64_t part = row * q->heads + first;
        float32x4_t sums[GROUPS][HEADS];
        for (int g = 0; g < GROUPS; g++) {
            group(panel, g, q->codes + part * WIDTH, q->scales + part * GROUPS, sums[g]);
        }
        for (int h = 0; h < HEADS; h++) {
            float32x4_t dot = vaddq_f32(vaddq_f32(sums[0][h], sums[2][h]), vaddq_f32(sums[1][h], sums[3][h]));
            float32x4_t *lane = &lanes[(first + h) % LANES];
            // A NaN stays one.
            *lane = vfmaq_n_f32(*lane, vmaxq_f32(vdupq_n_f32(0), dot), q->weights[part + h] * q->scale);
        }
    }
    for (int step = LANES / 2; step >= 1; step /= 2) {
        for (int l = 0; l < step; l++) {
            lanes[l] = vaddq_f32(lanes[l], lanes[l + step]);
        }
    }
    return lanes[0];
}

// scores[r * stride + k] = the score of key k for row r, for whole blocks of keys of width 128.
//
// keys: blocks one behind the other. heads: a multiple of 8. offsets: what unsigned codes would need.
DOTPROD EXPORT void hadal_index_scores(const uint8_t *keys, int32_t blocks, const int8_t *codes,
                                       const int32_t *offsets, const float *scales, const float *weights, float scale,
                                       int32_t heads, int32_t rows, float *scores, int64_t stride) {
    (void) offsets;
    struct queries q = {codes, scales, weights, scale, heads};
    for (int b = 0; b < blocks; b++) {
        for (int quad = 0; quad < QUADS; quad++) {
            struct panel panel;
            unpack(keys + (int64_t) b * KEYS * (WIDTH / 2 + GROUPS), quad, &panel);
            for (int r = 0; r < rows; r++) {
                vst1q_f32(scores + r * stride + b * KEYS + quad * 4, scores_of(&panel, &q, r));
            }
        }
    }
}
