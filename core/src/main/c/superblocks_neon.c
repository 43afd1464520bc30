// The integer kernels of blocks of 256 elements for 64-bit ARM without the 8-bit dot product. Weights' codes are at most
// 32, or 45 in formats whose groups are added as a whole, so two and four products of codes fit 16 bits.

#include <arm_neon.h>

#include "common.h"

#define TARGET
#define NAME(name) name##_neon

INLINE int16x8_t two_products(const int8_t *w, const int8_t *x) {
    int8x16_t a = vld1q_s8(w), b = vld1q_s8(x);
    return vmlal_high_s8(vmull_s8(vget_low_s8(a), vget_low_s8(b)), a, b);
}

INLINE int32x4_t half_dots(const int8_t *w, const int8_t *x) { return vpaddlq_s16(two_products(w, x)); }

INLINE int32x4_t group_dots(const int8_t *w, const int8_t *x) {
    int8x16_t a = vld1q_s8(w + 16), b = vld1q_s8(x + 16);
    int16x8_t three = vmlal_s8(two_products(w, x), vget_low_s8(a), vget_low_s8(b));
    return vpaddlq_s16(vmlal_high_s8(three, a, b));
}

#include "superblocks_neon.h"
