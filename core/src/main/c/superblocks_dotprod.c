// The integer kernels of blocks of 256 elements for 64-bit ARM with the 8-bit dot product.

#include "common.h"
#include "dotprod.h"

#define TARGET DOTPROD
#define NAME(name) name##_dotprod

TARGET INLINE int32x4_t half_dots(const int8_t *w, const int8_t *x) {
    return vdotq_s32(vdupq_n_s32(0), vld1q_s8(w), vld1q_s8(x));
}

TARGET INLINE int32x4_t group_dots(const int8_t *w, const int8_t *x) {
    return vdotq_s32(half_dots(w, x), vld1q_s8(w + 16), vld1q_s8(x + 16));
}

#include "superblocks_neon.h"
