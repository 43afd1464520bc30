// Stored rows times float vectors, for any processor whose header defines `lanes`, sixteen floats, with the operations
// used here. The order of additions is that of Backend's dot: element k in lane k mod 16 by fused multiply-add in
// ascending k, then a tree. The scalar twins are WeightRows and Arithmetic.
//
// ROWS rows and up to WIDTH vectors are multiplied at a time: each product has its own lanes, all of them in registers.
// A few vectors are multiplied with rows as they are stored; for many, some rows are first decoded into a panel that
// stays in the second-level cache.

#include "common.h"

// Vectors from which on a panel pays, and its bytes.
enum { MANY = 2 * WIDTH + 1, PANEL_BYTES = 512 * 1024 };

enum { TILE = 128 };

// The UE8M0 code of 2^7: a larger scale times 2^120 is no float.
enum { LARGEST_SCALE = 134 };

struct weight {
    const uint8_t *data;
    int64_t stride;       // bytes from row to row
    const uint8_t *scale; // F8_E4M3: a byte for each tile of 128 x 128; F4_E2M1: for each row and group of 32
    int64_t cols;
};

struct vectors {
    const float *x;
    const int32_t *xo; // where each vector begins
    float *y;
    const int32_t *yo; // where the products of each begin
};

// Elements that share a scale, or are taken at a time where there is none.
INLINE int block_elements(enum format format) { return format == F8_E4M3 ? TILE : 32; }

INLINE int block_bytes(enum format format) {
    switch (format) {
        case Q8_0: return 34;
        case MXFP4: return 17;
        case F4_E2M1: return 16;
        case BF16: case F16: return 64;
        default: return 128;
    }
}

// The scale of a block; for F8_E4M3 its code.
TARGET INLINE float block_scale(const struct weight *w, enum format format, int64_t row, int64_t block,
                                const uint8_t *p) {
    switch (format) {
        case Q8_0: return half(p);
        case MXFP4: return e8m0(p[0]);
        case F4_E2M1: return e8m0(w->scale[row * (w->cols / 32) + block]);
        case F8_E4M3: return w->scale[row / TILE * (w->cols / TILE) + block];
        default: return 1;
    }
}

// Elements 16 i to 16 i + 15 of a block. F8_E4M3: `scale` has 2^120 in it.
TARGET INLINE lanes decode(enum format format, const uint8_t *p, int i, lanes scale) {
    switch (format) {
        case Q8_0: return multiply(signed_bytes(p + 2 + 16 * i), scale);
        case MXFP4: return multiply(i == 0 ? low_nibbles(p + 1) : high_nibbles(p + 1), scale);
        case F4_E2M1: return multiply(pairs(p + 8 * i), scale);
        case F8_E4M3: return multiply(e4m3(p + 16 * i), scale);
        case BF16: return bf16(p + 32 * i);
        case F16: return f16(p + 32 * i);
        default: return load((const float *) p + 16 * i);
    }
}

// Whether a block of F8_E4M3 has the code that is NaN, or a scale that is too large for a factor of 2^120.
TARGET INLINE int is_odd(const uint8_t *p, float scale) {
    return scale > LARGEST_SCALE || has_nan(p);
}

// Element by element, for any scale and code.
TARGET INLINE lanes decode_odd(const uint8_t *p, int i, float scale) {
    lanes value = multiply(e4m3(p + 16 * i), all(0x1p120f));
    return multiply(set_nan(value, p + 16 * i), all(e8m0((uint8_t) scale)));
}

// A block of ROWS rows times n vectors.
TARGET INLINE void add_block(enum format format, int odd, const uint8_t *const p[ROWS], const float scale[ROWS], int n,
                             const float *const x[WIDTH], int64_t k, lanes sums[WIDTH][ROWS]) {
    lanes factor[ROWS];
    for (int r = 0; r < ROWS; r++) {
        factor[r] = all(format == F8_E4M3 ? e8m0((uint8_t) scale[r]) * 0x1p120f : scale[r]);
    }
    for (int i = 0; i < block_elements(format) / 16; i++) {
        lanes row[ROWS];
        for (int r = 0; r < ROWS; r++) {
            row[r] = odd ? decode_odd(p[r], i, scale[r]) : decode(format, p[r], i, factor[r]);
        }
        for (int t = 0; t < n; t++) {
            lanes input = load(x[t] + k + 16 * i);
            for (int r = 0; r < ROWS; r++) {
                sums[t][r] = add_product(row[r], input, sums[t][r]);
            }
        }
    }
}

// Rows `first` to `first + ROWS - 1`, those before `end`, times n vectors from `t` on: y[yo + shift + row]. While a
// block is multiplied, `step` bytes of rows to come are fetched, in the order of memory.
TARGET INLINE void multiply_rows(const struct weight *w, enum format format, int64_t first, int64_t end, int n,
                                 const struct vectors *v, int from, int64_t shift, int64_t step) {
    int64_t at[ROWS];
    for (int r = 0; r < ROWS; r++) {
        at[r] = first + r < end ? first + r : end - 1;
    }
    const float *x[WIDTH];
    lanes sums[WIDTH][ROWS];
    for (int t = 0; t < n; t++) {
        x[t] = v->x + v->xo[from + t];
        for (int r = 0; r < ROWS; r++) {
            sums[t][r] = all(0);
        }
    }
    const uint8_t *ahead = w->data + (first + AHEAD * ROWS) * w->stride;
    for (int64_t b = 0, k = 0; k < w->cols; b++, k += block_elements(format)) {
        fetch(ahead + b * step, step);
        const uint8_t *p[ROWS];
        float scale[ROWS];
        int odd = 0;
        for (int r = 0; r < ROWS; r++) {
            p[r] = w->data + at[r] * w->stride + b * block_bytes(format);
            scale[r] = block_scale(w, format, at[r], b, p[r]);
            odd |= format == F8_E4M3 && is_odd(p[r], scale[r]);
        }
        if (odd) {
            add_block(format, 1, p, scale, n, x, k, sums);
        } else {
            add_block(format, 0, p, scale, n, x, k, sums);
        }
    }
    for (int t = 0; t < n; t++) {
        float products[ROWS];
        add_rows(sums[t], products);
        for (int r = 0; r < ROWS && first + r < end; r++) {
            v->y[v->yo[from + t] + shift + first + r] = products[r];
        }
    }
}

// The same for any n up to WIDTH, each a constant, so that the sums stay in registers.
TARGET INLINE void multiply_any(const struct weight *w, enum format format, int64_t first, int64_t end, int n,
                                const struct vectors *v, int from, int64_t shift, int64_t step) {
    switch (n) {
        case 1: multiply_rows(w, format, first, end, 1, v, from, shift, step); break;
        case 2: multiply_rows(w, format, first, end, 2, v, from, shift, step); break;
#if WIDTH > 2
        case 3: multiply_rows(w, format, first, end, 3, v, from, shift, step); break;
#endif
#if WIDTH > 3
        case 4: multiply_rows(w, format, first, end, 4, v, from, shift, step); break;
        case 5: multiply_rows(w, format, first, end, 5, v, from, shift, step); break;
        case 6: multiply_rows(w, format, first, end, 6, v, from, shift, step); break;
#endif
    }
}

// Rows as they are stored, each group of them with all vectors.
TARGET INLINE void few(const struct weight *w, enum format format, int64_t first, int64_t end, int n,
                       const struct vectors *v) {
    const int turns = (n + WIDTH - 1) / WIDTH;
    const int64_t group = ROWS * w->stride, blocks = w->cols / block_elements(format);
    fetch(w->data + first * w->stride, first + AHEAD * ROWS <= end ? AHEAD * group : 0);
    for (int64_t row = first; row < end; row += ROWS) {
        int64_t step = row + AHEAD * ROWS < end ? group / blocks : 0;
        for (int turn = 0, from = 0; turn < turns; turn++, step = 0) {
            int to = (turn + 1) * n / turns;
            multiply_any(w, format, row, end, to - from, v, from, 0, step);
            from = to;
        }
    }
}

// One row as floats.
TARGET INLINE void decode_row(const struct weight *w, enum format format, int64_t row, float *to) {
    const int elements = block_elements(format), parts = elements / 16;
    for (int64_t b = 0; b < w->cols / elements; b++, to += elements) {
        const uint8_t *p = w->data + row * w->stride + b * block_bytes(format);
        float scale = block_scale(w, format, row, b, p);
        if (format == F8_E4M3 && is_odd(p, scale)) {
            for (int i = 0; i < parts; i++) {
                store(to + 16 * i, decode_odd(p, i, scale));
            }
        } else {
            lanes factor = all(format == F8_E4M3 ? e8m0((uint8_t) scale) * 0x1p120f : scale);
            for (int i = 0; i < parts; i++) {
                store(to + 16 * i, decode(format, p, i, factor));
            }
        }
    }
}

// All vectors times the rows of a panel. Not inlined, as it is the same for all formats.
TARGET __attribute__((noinline)) static void multiply_panel(const struct weight *panel, int64_t rows, int n,
                                                            const struct vectors *v, int64_t shift) {
    for (int t = 0; t < n; t += WIDTH) {
        for (int64_t r = 0; r < rows; r += ROWS) {
            multiply_any(panel, F32, r, rows, n - t < WIDTH ? n - t : WIDTH, v, t, shift, 0);
        }
    }
}

// Rows a panel at a time. A row of the panel is a line longer than those of the vectors, so that they do not meet in
// the same sets of a cache.
TARGET INLINE void many(const struct weight *w, enum format format, int64_t first, int64_t end, int n,
                        const struct vectors *v, float *panel) {
    const int64_t length = w->cols + 16, fit = PANEL_BYTES / 4 / length / ROWS * ROWS;
    const int64_t panels = fit == 0 ? end - first : (end - first + fit - 1) / fit;
    const int64_t rows = ((end - first + panels - 1) / panels + ROWS - 1) / ROWS * ROWS;
    const struct weight decoded = {(const uint8_t *) panel, 4 * length, 0, w->cols};
    for (int64_t row = first; row < end; row += rows) {
        const int64_t count = row + rows < end ? rows : end - row;
        for (int64_t r = 0; r < count; r++) {
            decode_row(w, format, row + r, panel + r * length);
        }
        multiply_panel(&decoded, count, n, v, row);
    }
}

TARGET INLINE void product(const struct weight *w, enum format format, int64_t first, int64_t end, int n,
                           const struct vectors *v, float *panel) {
    if (n < MANY) {
        few(w, format, first, end, n, v);
    } else {
        many(w, format, first, end, n, v, panel);
    }
}

// y[yo[t] + row] = row . x[xo[t] ..] for the rows `first` to `end - 1` and n vectors t.
//
// cols: a multiple of 128 for F8_E4M3, of 32 for the others. scale: see struct weight. panel: 64-byte aligned room of
// PANEL_BYTES, or of ROWS rows of cols + 16 floats where that is more.
TARGET EXPORT void NAME(hadal_float_product)(int32_t format, const uint8_t *data, int64_t stride, const uint8_t *scale,
                                             int64_t first, int64_t end, int64_t cols, const float *x,
                                             const int32_t *xo, int32_t n, float *y, const int32_t *yo, void *panel) {
    struct weight w = {data, stride, scale, cols};
    struct vectors v = {x, xo, y, yo};
    switch ((enum format) format) {
        case Q8_0: product(&w, Q8_0, first, end, n, &v, panel); break;
        case MXFP4: product(&w, MXFP4, first, end, n, &v, panel); break;
        case F4_E2M1: product(&w, F4_E2M1, first, end, n, &v, panel); break;
        case F8_E4M3: product(&w, F8_E4M3, first, end, n, &v, panel); break;
        case BF16: product(&w, BF16, first, end, n, &v, panel); break;
        case F16: product(&w, F16, first, end, n, &v, panel); break;
        case F32: product(&w, F32, first, end, n, &v, panel); break;
    }
}
