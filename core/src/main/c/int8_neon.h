// The integer kernels for 64-bit ARM, for a file that defines
//   dots(sum, a, b)              to lane i of the sum, the products of bytes 4 i to 4 i + 3 of both,
//   dots_of_four(sum, a, b, i)   the same with bytes 4 i to 4 i + 3 of b for every lane.
//
// A few vectors are multiplied with rows as they are stored, the codes decoded in registers. For many, eight rows lie
// side by side in a panel in the nearest cache: a lane is a row.

#include "fp4_neon.h"
#include "int8.h"

// Rows that are multiplied at a time with few vectors and with many, and vectors.
enum { ROWS = 2, FEW = 4, PANEL_ROWS = 8, TILE = 4 };

// Rows ahead of those in work that are fetched.
enum { AHEAD = 8 };

// Vectors of a packed group: codes of eight rows, then their scales.
enum { PACKED_CODES = 16, PACKED = PACKED_CODES + 2 };

// The 32 codes of a group, those of 4 bits as twice their values.
TARGET INLINE void group_codes(enum format format, const uint8_t *row, int64_t group, int8x16_t codes[2]) {
    if (format == Q8_0) {
        codes[0] = vreinterpretq_s8_u8(vld1q_u8(row + 34 * group + 2));
        codes[1] = vreinterpretq_s8_u8(vld1q_u8(row + 34 * group + 18));
        return;
    }
    static const int8_t doubled[16] = {DOUBLED};
    const int8x16_t table = vld1q_s8(doubled);
    uint8x16_t pairs = vld1q_u8(format == MXFP4 ? row + 17 * group + 1 : row + 16 * group);
    int8x16_t low = vqtbl1q_s8(table, vandq_u8(pairs, vdupq_n_u8(15)));
    int8x16_t high = vqtbl1q_s8(table, vshrq_n_u8(pairs, 4));
    codes[0] = format == MXFP4 ? low : vzip1q_s8(low, high);
    codes[1] = format == MXFP4 ? high : vzip2q_s8(low, high);
}

TARGET INLINE uint64_t two_bytes(const uint8_t *p) {
    uint16_t bytes;
    __builtin_memcpy(&bytes, p, 2);
    return bytes;
}

// The scales of four groups of a row.
TARGET INLINE float32x4_t scales(enum format format, const uint8_t *row, const uint8_t *scale_row, int64_t group) {
    if (format == Q8_0) {
        const uint8_t *p = row + 34 * group;
        uint64_t halves = two_bytes(p) | two_bytes(p + 34) << 16 | two_bytes(p + 68) << 32 | two_bytes(p + 102) << 48;
        return vcvt_f32_f16(vreinterpret_f16_u64(vcreate_u64(halves)));
    }
    uint32_t e;
    if (format == MXFP4) {
        const uint8_t *p = row + 17 * group;
        e = p[0] | (uint32_t) p[17] << 8 | (uint32_t) p[34] << 16 | (uint32_t) p[51] << 24;
    } else {
        __builtin_memcpy(&e, scale_row + group, 4);
    }
    return half_scales(four_bytes(e));
}

// The sums of four vectors' lanes, side by side.
TARGET INLINE int32x4_t lane_sums(const int32x4_t v[4]) {
    return vpaddq_s32(vpaddq_s32(v[0], v[1]), vpaddq_s32(v[2], v[3]));
}

// Two rows times a few vectors; y[t * y_stride + r].
TARGET INLINE void two_rows(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                            const struct input *x, const int32_t *index, int n, float *y, int64_t y_stride) {
    const int64_t groups = cols / GROUP;
    const uint8_t *rows[ROWS], *scale_rows[ROWS];
    for (int r = 0; r < ROWS; r++) {
        int64_t row = first + r < end ? first + r : end - 1;
        rows[r] = w->data + row * w->stride;
        scale_rows[r] = w->scale + row * w->scale_stride;
    }
    float32x4_t sums[FEW][ROWS];
    for (int t = 0; t < n; t++) {
        for (int r = 0; r < ROWS; r++) {
            sums[t][r] = vdupq_n_f32(0);
        }
    }
    const uint8_t *ahead = rows[0] + AHEAD * w->stride;
    const int64_t step = first + AHEAD + ROWS <= end ? ROWS * w->stride / groups : 0;
    for (int64_t g = 0; g < groups; g += 4) {
        fetch(ahead + g * step, 4 * step);
        int8x16_t codes[ROWS][4][2];
        float32x4_t weight_scales[ROWS];
        for (int r = 0; r < ROWS; r++) {
            for (int i = 0; i < 4; i++) {
                group_codes(format, rows[r], g + i, codes[r][i]);
            }
            weight_scales[r] = scales(format, rows[r], scale_rows[r], g);
        }
        for (int t = 0; t < n; t++) {
            const int8_t *q = x->codes + index[t] * cols + g * GROUP;
            int32x4_t d[ROWS][4];
            for (int i = 0; i < 4; i++) {
                int8x16_t low = vld1q_s8(q + GROUP * i), high = vld1q_s8(q + GROUP * i + 16);
                for (int r = 0; r < ROWS; r++) {
                    d[r][i] = dots(dots(vdupq_n_s32(0), codes[r][i][0], low), codes[r][i][1], high);
                }
            }
            float32x4_t input_scales = vld1q_f32(x->scales + index[t] * groups + g);
            for (int r = 0; r < ROWS; r++) {
                float32x4_t scale = vmulq_f32(weight_scales[r], input_scales);
                sums[t][r] = vfmaq_f32(sums[t][r], vcvtq_f32_s32(lane_sums(d[r])), scale);
            }
        }
    }
    for (int t = 0; t < n; t++) {
        for (int r = 0; r < ROWS && first + r < end; r++) {
            float32x4_t s = sums[t][r];
            y[t * y_stride + r] = vpadds_f32(vadd_f32(vget_low_f32(s), vget_high_f32(s)));
        }
    }
}

TARGET INLINE void few(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                       const struct input *x, const int32_t *index, int n, float *y) {
    fetch(w->data + first * w->stride, first + AHEAD <= end ? AHEAD * w->stride : 0);
    for (int64_t row = first; row < end; row += ROWS) {
        two_rows(w, format, row, end, cols, x, index, n, y + (row - first), end - first);
    }
}

// Four 32-bit elements of each of four vectors, turned round: v[j] becomes element j of vectors 0 to 3.
TARGET INLINE void turn(int32x4_t v[4]) {
    int32x4_t a = vzip1q_s32(v[0], v[2]), b = vzip2q_s32(v[0], v[2]);
    int32x4_t c = vzip1q_s32(v[1], v[3]), d = vzip2q_s32(v[1], v[3]);
    v[0] = vzip1q_s32(a, c);
    v[1] = vzip2q_s32(a, c);
    v[2] = vzip1q_s32(b, d);
    v[3] = vzip2q_s32(b, d);
}

// Eight rows as a panel. Of each group: codes 4 k to 4 k + 3 of four rows, then of the other four, for k from 0 to 7;
// then the scales. Meanwhile `step` bytes a group are fetched from `ahead` on.
TARGET INLINE void pack(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                        int32x4_t *panel, const uint8_t *ahead, int64_t step) {
    const int64_t groups = cols / GROUP;
    for (int half = 0; half < 2; half++) {
        const uint8_t *rows[4], *scale_rows[4];
        for (int r = 0; r < 4; r++) {
            int64_t row = first + 4 * half + r < end ? first + 4 * half + r : end - 1;
            rows[r] = w->data + row * w->stride;
            scale_rows[r] = w->scale + row * w->scale_stride;
        }
        for (int64_t g = 0; g < groups; g += 4) {
            fetch(ahead, 2 * step);
            ahead += 2 * step;
            int32x4_t by_row[4];
            for (int r = 0; r < 4; r++) {
                by_row[r] = vreinterpretq_s32_f32(scales(format, rows[r], scale_rows[r], g));
            }
            turn(by_row);
            for (int i = 0; i < 4; i++) {
                int32x4_t *to = panel + PACKED * (g + i);
                int32x4_t low[4], high[4];
                for (int r = 0; r < 4; r++) {
                    int8x16_t codes[2];
                    group_codes(format, rows[r], g + i, codes);
                    low[r] = vreinterpretq_s32_s8(codes[0]);
                    high[r] = vreinterpretq_s32_s8(codes[1]);
                }
                turn(low);
                turn(high);
                for (int k = 0; k < 4; k++) {
                    to[2 * k + half] = low[k];
                    to[8 + 2 * k + half] = high[k];
                }
                to[PACKED_CODES + half] = by_row[i];
            }
        }
    }
}

// Codes 4 k to 4 k + 3 of a half group of eight rows with those of all vectors.
#define ADD_DOTS(k)                                                                     \
    {                                                                                   \
        int8x16_t a = vreinterpretq_s8_s32(p[2 * k]), b = vreinterpretq_s8_s32(p[2 * k + 1]); \
        for (int t = 0; t < n; t++) {                                                   \
            d[t][0] = dots_of_four(d[t][0], a, q[t], k);                                \
            d[t][1] = dots_of_four(d[t][1], b, q[t], k);                                \
        }                                                                               \
    }

// A panel times n vectors, at most TILE; y[t * y_stride + r] for the first `count` rows.
TARGET INLINE void tile(const int32x4_t *panel, int64_t cols, const struct input *x, const int32_t *index, int n,
                        float *y, int64_t y_stride, int count) {
    const int64_t groups = cols / GROUP;
    float32x4_t parts[4][TILE][2];
    for (int part = 0; part < 4; part++) {
        float32x4_t sums[TILE][2];
        for (int t = 0; t < n; t++) {
            sums[t][0] = sums[t][1] = vdupq_n_f32(0);
        }
        for (int64_t g = part; g < groups; g += 4) {
            const int32x4_t *p = panel + PACKED * g;
            int32x4_t d[TILE][2];
            for (int t = 0; t < n; t++) {
                d[t][0] = d[t][1] = vdupq_n_s32(0);
            }
            for (int half = 0; half < 2; half++, p += PACKED_CODES / 2) {
                int8x16_t q[TILE];
                for (int t = 0; t < n; t++) {
                    q[t] = vld1q_s8(x->codes + index[t] * cols + g * GROUP + 16 * half);
                }
                ADD_DOTS(0)
                ADD_DOTS(1)
                ADD_DOTS(2)
                ADD_DOTS(3)
            }
            float32x4_t low = vreinterpretq_f32_s32(p[0]), high = vreinterpretq_f32_s32(p[1]);
            for (int t = 0; t < n; t++) {
                float scale = x->scales[index[t] * groups + g];
                sums[t][0] = vfmaq_f32(sums[t][0], vcvtq_f32_s32(d[t][0]), vmulq_n_f32(low, scale));
                sums[t][1] = vfmaq_f32(sums[t][1], vcvtq_f32_s32(d[t][1]), vmulq_n_f32(high, scale));
            }
        }
        for (int t = 0; t < n; t++) {
            parts[part][t][0] = sums[t][0];
            parts[part][t][1] = sums[t][1];
        }
    }
    for (int t = 0; t < n; t++) {
        float products[PANEL_ROWS];
        for (int i = 0; i < 2; i++) {
            vst1q_f32(products + 4 * i, vaddq_f32(
                vaddq_f32(parts[0][t][i], parts[2][t][i]), vaddq_f32(parts[1][t][i], parts[3][t][i])));
        }
        __builtin_memcpy(y + t * y_stride, products, count * sizeof(float));
    }
}

// All vectors times a panel, in parts of nearly the same size. Not inlined, as it is the same for all formats.
TARGET __attribute__((noinline)) static void multiply_panel(const int32x4_t *panel, int64_t cols,
                                                            const struct input *x, const int32_t *index, int n,
                                                            float *y, int64_t y_stride, int count) {
    const int turns = (n + TILE - 1) / TILE;
    for (int turn = 0, t = 0; turn < turns; turn++) {
        const int to = (int) ((int64_t) (turn + 1) * n / turns);
        float *out = y + t * y_stride;
        switch (to - t) { // constants, so that the sums stay in registers
            case 2: tile(panel, cols, x, index + t, 2, out, y_stride, count); break;
            case 3: tile(panel, cols, x, index + t, 3, out, y_stride, count); break;
            default: tile(panel, cols, x, index + t, TILE, out, y_stride, count);
        }
        t = to;
    }
}

TARGET INLINE void many(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                        const struct input *x, const int32_t *index, int n, float *y, int32x4_t *panel) {
    for (int64_t row = first; row < end; row += PANEL_ROWS) {
        const int count = end - row < PANEL_ROWS ? (int) (end - row) : PANEL_ROWS;
        const int64_t step = row + 2 * PANEL_ROWS <= end ? PANEL_ROWS * w->stride / (cols / GROUP) : 0;
        pack(w, format, row, end, cols, panel, w->data + (row + PANEL_ROWS) * w->stride, step);
        multiply_panel(panel, cols, x, index, n, y + (row - first), end - first, count);
    }
}

TARGET INLINE void product(const struct weight *w, enum format format, int64_t first, int64_t end, int64_t cols,
                           const struct input *x, const int32_t *index, int n, float *y, void *panel) {
    switch (n) { // constants, so that the sums stay in registers
        case 1: few(w, format, first, end, cols, x, index, 1, y); break;
        case 2: few(w, format, first, end, cols, x, index, 2, y); break;
        case 3: few(w, format, first, end, cols, x, index, 3, y); break;
        case FEW: few(w, format, first, end, cols, x, index, FEW, y); break;
        default: many(w, format, first, end, cols, x, index, n, y, panel);
    }
}

TARGET EXPORT void NAME(hadal_int8_product)(int32_t format, const uint8_t *data, int64_t stride, const uint8_t *scale,
                                            int64_t scale_stride, int64_t first, int64_t end, int64_t cols,
                                            const int8_t *codes, const float *scales, const int32_t *sums,
                                            const int32_t *index, int32_t n, float *y, void *panel) {
    struct weight w = {data, stride, scale, scale_stride};
    struct input x = {codes, scales, sums};
    switch ((enum format) format) {
        case Q8_0: product(&w, Q8_0, first, end, cols, &x, index, n, y, panel); break;
        case MXFP4: product(&w, MXFP4, first, end, cols, &x, index, n, y, panel); break;
        case F4_E2M1: product(&w, F4_E2M1, first, end, cols, &x, index, n, y, panel); break;
        default: break;
    }
}
