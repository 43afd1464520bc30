// The integer kernels of blocks of 256 elements for 64-bit ARM, for a file that defines
//   half_dots(w, x)     the dot product of half a group's codes, in four parts,
//   group_dots(w, x)    that of a whole group.
//
// Four rows at a time are decoded into codes of one byte, which stay in the nearest cache while they are multiplied with
// all vectors, two rows and two vectors at a time.

#include "fp4_neon.h"
#include "iq2_tables.h"
#include "superblocks.h"

// Rows that are decoded at a time, rows and vectors that are multiplied at a time, and groups of rows that are fetched
// ahead.
enum { ROWS = 4, PAIR = 2, AHEAD = 2 };

// A decoded row: signed codes, those of Q2_K times their scales, and for each group a, b and the integer scales (Q6_K)
// or negative minima (Q2_K) of its halves.
struct row {
    int8_t *codes;
    float *a, *b;
    int16_t *halves;
};

enum { ROW_GROUP = GROUP + 2 * sizeof(float) + 2 * sizeof(int16_t) };

TARGET INLINE float half_at(const uint8_t *p) {
    float16_t half;
    __builtin_memcpy(&half, p, 2);
    return half;
}

TARGET INLINE uint32_t word_at(const uint8_t *p) {
    uint32_t word;
    __builtin_memcpy(&word, p, 4);
    return word;
}

TARGET INLINE void store(int8_t *to, uint8x16_t v) { vst1q_s8(to, vreinterpretq_s8_u8(v)); }

// A factor times each of the four bytes of a number.
TARGET INLINE float32x4_t times_bytes(float factor, uint32_t bytes) {
    return vmulq_n_f32(vcvtq_f32_u32(four_bytes(bytes)), factor);
}

TARGET INLINE void q4(const uint8_t *p, const struct row *to, int64_t group) {
    const float d = half_at(p), dmin = half_at(p + 2);
    // Scales, minima, and the lower bits of those of groups 4 to 7, whose upper bits are in the first two.
    const uint32_t s = word_at(p + 4), m = word_at(p + 8), lower = word_at(p + 12);
    const uint32_t six = 0x3f3f3f3f, four = 0x0f0f0f0f, upper = 0x30303030;
    vst1q_f32(to->a + group, times_bytes(d, s & six));
    vst1q_f32(to->a + group + 4, times_bytes(d, (lower & four) | (s >> 2 & upper)));
    vst1q_f32(to->b + group, times_bytes(dmin, m & six));
    vst1q_f32(to->b + group + 4, times_bytes(dmin, (lower >> 4 & four) | (m >> 2 & upper)));
    for (int i = 0; i < 4; i++) {
        int8_t *codes = to->codes + (group + 2 * i) * GROUP;
        for (int half = 0; half < 2; half++, codes += GROUP / 2) {
            uint8x16_t v = vld1q_u8(p + 16 + 32 * i + 16 * half);
            store(codes, vandq_u8(v, vdupq_n_u8(15)));
            store(codes + GROUP, vshrq_n_u8(v, 4));
        }
    }
}

TARGET INLINE void q6(const uint8_t *p, const struct row *to, int64_t group) {
    const float32x4_t d = vdupq_n_f32(half_at(p + 208));
    vst1q_f32(to->a + group, d);
    vst1q_f32(to->a + group + 4, d);
    int8x16_t scales = vreinterpretq_s8_u8(vld1q_u8(p + 192));
    vst1q_s16(to->halves + 2 * group, vmovl_s8(vget_low_s8(scales)));
    vst1q_s16(to->halves + 2 * group + 8, vmovl_high_s8(scales));
    const uint8x16_t nibble = vdupq_n_u8(15), top = vdupq_n_u8(0x30), offset = vdupq_n_u8(32);
    // Sixteen columns of each group of half a block: the lower bits in 32 bytes for two groups, above them two groups
    // more, and two bits of each group in a byte.
    for (int i = 0; i < 4; i++) {
        const int half = i / 2, column = i % 2 * 16;
        uint8x16_t first = vld1q_u8(p + 64 * half + column), second = vld1q_u8(p + 64 * half + 32 + column);
        uint8x16_t high = vld1q_u8(p + 128 + 32 * half + column);
        int8_t *codes = to->codes + (group + 4 * half) * GROUP + column;
        uint8x16_t v[4] = {
            vorrq_u8(vandq_u8(first, nibble), vandq_u8(vshlq_n_u8(high, 4), top)),
            vorrq_u8(vandq_u8(second, nibble), vandq_u8(vshlq_n_u8(high, 2), top)),
            vorrq_u8(vshrq_n_u8(first, 4), vandq_u8(high, top)),
            vorrq_u8(vshrq_n_u8(second, 4), vandq_u8(vshrq_n_u8(high, 2), top)),
        };
        for (int g = 0; g < 4; g++) {
            store(codes + g * GROUP, vsubq_u8(v[g], offset));
        }
    }
}

TARGET INLINE void q2(const uint8_t *p, const struct row *to, int64_t group) {
    const float32x4_t d = vdupq_n_f32(half_at(p + 80)), dmin = vdupq_n_f32(half_at(p + 82));
    for (int i = 0; i < 8; i += 4) {
        vst1q_f32(to->a + group + i, d);
        vst1q_f32(to->b + group + i, dmin);
    }
    int8x16_t minima = vnegq_s8(vreinterpretq_s8_u8(vshrq_n_u8(vld1q_u8(p), 4)));
    vst1q_s16(to->halves + 2 * group, vmovl_s8(vget_low_s8(minima)));
    vst1q_s16(to->halves + 2 * group + 8, vmovl_high_s8(minima));
    const uint8x16_t two_bits = vdupq_n_u8(3);
    for (int i = 0; i < 4; i++) {
        // Halves i % 2 of four groups, a pair of bits each.
        const uint8_t *scales = p + 8 * (i / 2) + i % 2;
        uint8x16_t bits = vld1q_u8(p + 16 + 16 * i);
        int8_t *codes = to->codes + (group + 4 * (i / 2)) * GROUP + i % 2 * 16;
        for (int g = 0; g < 4; g++, bits = vshrq_n_u8(bits, 2)) {
            store(codes + g * GROUP, vmulq_u8(vandq_u8(bits, two_bits), vdupq_n_u8(scales[2 * g] & 15)));
        }
    }
}

TARGET INLINE uint8x16_t two(const uint64_t *table, int first, int second) {
    return vreinterpretq_u8_u64(vcombine_u64(vld1_u64(table + first), vld1_u64(table + second)));
}

TARGET INLINE void iq2(const uint8_t *p, const struct tables *tables, const struct row *to, int64_t group) {
    const float d = half_at(p) * 0.125f;
    const uint64_t *m = tables->magnitudes, *signs = tables->signs;
    for (int i = 0; i < 8; i++) {
        const uint8_t *index = p + 2 + 8 * i;
        const uint32_t s = word_at(index + 4);
        int8_t *codes = to->codes + (group + i) * GROUP;
        store(codes, vmulq_u8(two(m, index[0], index[1]), two(signs, s & 127, s >> 7 & 127)));
        store(codes + 16, vmulq_u8(two(m, index[2], index[3]), two(signs, s >> 14 & 127, s >> 21 & 127)));
        to->a[group + i] = d * (float) (s >> 27 | 1);
    }
}

// The integers of four groups from column k on, of two rows and n vectors. The lanes of two sums are added as soon as
// they are there, as registers are few.
TARGET INLINE void dots(const struct row *w, const int8_t *const *x, int64_t k, int n, int32x4_t d[PAIR][PAIR]) {
    int32x4_t two[2][PAIR][PAIR];
    for (int i = 0; i < 2; i++, k += 2 * GROUP) {
        for (int t = 0; t < n; t++) {
            const int8_t *q = x[t] + k;
            for (int r = 0; r < PAIR; r++) {
                const int8_t *p = w[r].codes + k;
                two[i][t][r] = vpaddq_s32(group_dots(p, q), group_dots(p + GROUP, q + GROUP));
            }
        }
    }
    for (int t = 0; t < n; t++) {
        for (int r = 0; r < PAIR; r++) {
            d[t][r] = vpaddq_s32(two[0][t][r], two[1][t][r]);
        }
    }
}

// The same where halves have integer scales of their own.
TARGET INLINE void scaled_dots(const struct row *w, const int8_t *const *x, int64_t k, int n,
                               int32x4_t d[PAIR][PAIR]) {
    enum { HALF = GROUP / 2 };
    int32x4_t scaled[2][PAIR][PAIR];
    for (int i = 0; i < 2; i++) {
        int32x4_t halves[2][PAIR][PAIR];
        for (int j = 0; j < 2; j++) {
            for (int t = 0; t < n; t++) {
                const int8_t *q = x[t] + k + (2 * i + j) * GROUP;
                for (int r = 0; r < PAIR; r++) {
                    const int8_t *p = w[r].codes + k + (2 * i + j) * GROUP;
                    halves[j][t][r] = vpaddq_s32(half_dots(p, q), half_dots(p + HALF, q + HALF));
                }
            }
        }
        for (int r = 0; r < PAIR; r++) {
            int32x4_t scales = vmovl_s16(vld1_s16(w[r].halves + k / HALF + 4 * i));
            for (int t = 0; t < n; t++) {
                scaled[i][t][r] = vmulq_s32(vpaddq_s32(halves[0][t][r], halves[1][t][r]), scales);
            }
        }
    }
    for (int t = 0; t < n; t++) {
        for (int r = 0; r < PAIR; r++) {
            d[t][r] = vpaddq_s32(scaled[0][t][r], scaled[1][t][r]);
        }
    }
}

// What the minima of four groups add: of the halves' factors and the sums of their codes.
TARGET INLINE int32x4_t minima(enum block_format format, const int16_t *halves, int16x8_t sums) {
    if (format == Q4_K) {
        return vnegq_s32(vpaddlq_s16(sums));
    }
    int16x8_t factors = vld1q_s16(halves);
    return vpaddq_s32(vmull_s16(vget_low_s16(factors), vget_low_s16(sums)), vmull_high_s16(factors, sums));
}

// Two decoded rows times n vectors, at most two; y[t * y_stride + r] for the first `count` rows.
TARGET INLINE void multiply(enum block_format format, const struct row *w, int64_t cols, const struct halved_input *x,
                            const int32_t *index, int n, float *y, int64_t y_stride, int64_t count) {
    const int64_t groups = cols / GROUP;
    const int8_t *codes[PAIR];
    float32x4_t sums[PAIR][PAIR];
    for (int t = 0; t < n; t++) {
        codes[t] = x->codes + index[t] * cols;
        sums[t][0] = sums[t][1] = vdupq_n_f32(0);
    }
    for (int64_t g = 0; g < groups; g += 4) {
        int32x4_t d[PAIR][PAIR];
        if (format == Q6_K) {
            scaled_dots(w, codes, g * GROUP, n, d);
        } else {
            dots(w, codes, g * GROUP, n, d);
        }
        for (int t = 0; t < n; t++) {
            const int64_t at = index[t] * groups + g;
            const float32x4_t e = vld1q_f32(x->scales + at);
            for (int r = 0; r < PAIR; r++) {
                sums[t][r] = vfmaq_f32(sums[t][r], vcvtq_f32_s32(d[t][r]), vmulq_f32(vld1q_f32(w[r].a + g), e));
                if (has_minima(format)) {
                    int32x4_t m = minima(format, w[r].halves + 2 * g, vld1q_s16(x->sums + 2 * at));
                    sums[t][r] = vfmaq_f32(sums[t][r], vcvtq_f32_s32(m), vmulq_f32(vld1q_f32(w[r].b + g), e));
                }
            }
        }
    }
    for (int t = 0; t < n; t++) {
        for (int64_t r = 0; r < PAIR && r < count; r++) {
            float32x4_t s = sums[t][r];
            y[t * y_stride + r] = vpadds_f32(vadd_f32(vget_low_f32(s), vget_high_f32(s)));
        }
    }
}

TARGET INLINE void product(const struct weight *w, enum block_format format, int64_t first, int64_t end, int64_t cols,
                           const struct halved_input *x, const int32_t *index, int n, float *y, uint8_t *room) {
    const int64_t groups = cols / GROUP, ahead = ROWS * AHEAD, size = block_bytes(format), y_stride = end - first;
    struct tables tables;
    if (format == IQ2_XXS) {
        fill(&tables);
    }
    struct row rows[ROWS];
    for (int r = 0; r < ROWS; r++, room += groups * ROW_GROUP) {
        rows[r].codes = (int8_t *) room;
        rows[r].a = (float *) (room + cols);
        rows[r].b = rows[r].a + groups;
        rows[r].halves = (int16_t *) (rows[r].b + groups);
    }
    fetch(w->data + first * w->stride, first + ahead <= end ? ahead * w->stride : 0);
    for (int64_t row = first; row < end; row += ROWS) {
        const int64_t count = end - row < ROWS ? end - row : ROWS;
        const int64_t step = row + ahead + ROWS <= end ? size : 0;
        for (int r = 0; r < ROWS; r++) {
            const uint8_t *p = w->data + (r < count ? row + r : end - 1) * w->stride;
            for (int64_t g = 0; g < groups; g += BLOCK / GROUP, p += size) {
                fetch(p + ahead * w->stride, step);
                switch (format) {
                    case Q4_K: q4(p, &rows[r], g); break;
                    case Q6_K: q6(p, &rows[r], g); break;
                    case Q2_K: q2(p, &rows[r], g); break;
                    default: iq2(p, &tables, &rows[r], g);
                }
            }
        }
        for (int t = 0; t < n; t += PAIR) {
            for (int r = 0; r < count; r += PAIR) {
                float *to = y + t * y_stride + (row - first) + r;
                if (t + 1 < n) { // constants, so that the sums stay in registers
                    multiply(format, rows + r, cols, x, index + t, PAIR, to, y_stride, count - r);
                } else {
                    multiply(format, rows + r, cols, x, index + t, 1, to, y_stride, count - r);
                }
            }
        }
    }
}

TARGET EXPORT void NAME(hadal_superblock_product)(int32_t format, const uint8_t *data, int64_t stride,
                                                  const uint8_t *scale, int64_t scale_stride, int64_t first,
                                                  int64_t end, int64_t cols, const int8_t *codes, const float *scales,
                                                  const int16_t *sums, const int32_t *index, int32_t n, float *y,
                                                  void *room) {
    struct weight w = {data, stride, scale, scale_stride};
    struct halved_input x = {codes, scales, sums};
    switch ((enum block_format) format) {
        case Q4_K: product(&w, Q4_K, first, end, cols, &x, index, n, y, room); break;
        case Q6_K: product(&w, Q6_K, first, end, cols, &x, index, n, y, room); break;
        case Q2_K: product(&w, Q2_K, first, end, cols, &x, index, n, y, room); break;
        case IQ2_XXS: product(&w, IQ2_XXS, first, end, cols, &x, index, n, y, room); break;
        default: break;
    }
}
