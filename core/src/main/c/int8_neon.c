// The integer kernels for 64-bit ARM without the 8-bit dot product. Two products of codes, at most 2 * 128 * 127, fit
// 16 bits.

#include <arm_neon.h>

#include "common.h"

#define TARGET
#define NAME(name) name##_neon

INLINE int32x4_t dots(int32x4_t sum, int8x16_t a, int8x16_t b) {
    int16x8_t low = vmull_s8(vget_low_s8(a), vget_low_s8(b)), high = vmull_high_s8(a, b);
    return vpadalq_s16(sum, vpaddq_s16(low, high));
}

#define dots_of_four(sum, a, b, i) \
    dots(sum, a, vreinterpretq_s8_s32(vdupq_laneq_s32(vreinterpretq_s32_s8(b), i)))

#include "int8_neon.h"
