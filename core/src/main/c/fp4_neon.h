// Scales and codes of four bits as the integer kernels for 64-bit ARM take them.

#pragma once

#include <arm_neon.h>

#include "common.h"

// Twice the values of E2M1 codes.
#define DOUBLED 0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12

// Half of what UE8M0 codes mean: 2^(e - 128), NaN for 255.
INLINE float32x4_t half_scales(uint32x4_t e) {
    const uint32x4_t one = vdupq_n_u32(1);
    uint32x4_t bits = vshlq_n_u32(vsubq_u32(e, one), 23);
    bits = vbslq_u32(vcltq_u32(e, vdupq_n_u32(2)), vshlq_n_u32(vaddq_u32(e, one), 21), bits);
    bits = vbslq_u32(vceqq_u32(e, vdupq_n_u32(255)), vdupq_n_u32(0x7fc00000), bits);
    return vreinterpretq_f32_u32(bits);
}

// The four bytes of a number, the lowest first.
INLINE uint32x4_t four_bytes(uint32_t bytes) {
    return vmovl_u16(vget_low_u16(vmovl_u8(vcreate_u8(bytes))));
}
