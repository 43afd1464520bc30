// The float kernels for 64-bit ARM: four vectors of four floats are the sixteen lanes.

#include <arm_neon.h>

#define TARGET
#define NAME(name) name##_neon

// Sixteen of the 32 registers are sums; with 24 there would be too few for rows and vectors, and some sums in memory.
#define ROWS 2
#define WIDTH 2
#define AHEAD 4

#include "common.h"

typedef struct {
    float32x4_t a, b, c, d;
} lanes;

INLINE lanes all(float x) {
    float32x4_t v = vdupq_n_f32(x);
    return (lanes) {v, v, v, v};
}

INLINE lanes load(const float *p) {
    return (lanes) {vld1q_f32(p), vld1q_f32(p + 4), vld1q_f32(p + 8), vld1q_f32(p + 12)};
}

INLINE void store(float *p, lanes v) {
    vst1q_f32(p, v.a);
    vst1q_f32(p + 4, v.b);
    vst1q_f32(p + 8, v.c);
    vst1q_f32(p + 12, v.d);
}

INLINE lanes multiply(lanes x, lanes y) {
    return (lanes) {vmulq_f32(x.a, y.a), vmulq_f32(x.b, y.b), vmulq_f32(x.c, y.c), vmulq_f32(x.d, y.d)};
}

INLINE lanes add_product(lanes x, lanes y, lanes sum) {
    return (lanes) {
        vfmaq_f32(sum.a, x.a, y.a), vfmaq_f32(sum.b, x.b, y.b), vfmaq_f32(sum.c, x.c, y.c),
        vfmaq_f32(sum.d, x.d, y.d)};
}

// Lanes i with i + 8, then + 4, + 2, + 1.
INLINE float add_lanes(lanes v) {
    float32x4_t four = vaddq_f32(vaddq_f32(v.a, v.c), vaddq_f32(v.b, v.d));
    return vpadds_f32(vadd_f32(vget_low_f32(four), vget_high_f32(four)));
}

INLINE void add_rows(const lanes sums[ROWS], float products[ROWS]) {
    for (int r = 0; r < ROWS; r++) {
        products[r] = add_lanes(sums[r]);
    }
}

INLINE float half(const uint8_t *p) {
    float16_t value;
    __builtin_memcpy(&value, p, 2);
    return value;
}

// Eight numbers of two bytes.
INLINE uint16x8_t shorts(const uint8_t *p) { return vreinterpretq_u16_u8(vld1q_u8(p)); }

INLINE lanes f16(const uint8_t *p) {
    float16x8_t low = vreinterpretq_f16_u16(shorts(p)), high = vreinterpretq_f16_u16(shorts(p + 16));
    return (lanes) {
        vcvt_f32_f16(vget_low_f16(low)), vcvt_high_f32_f16(low), vcvt_f32_f16(vget_low_f16(high)),
        vcvt_high_f32_f16(high)};
}

// Floats of which only the upper halves are given, the others being zero.
INLINE lanes upper_halves(uint16x8_t low, uint16x8_t high) {
    return (lanes) {
        vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(low), 16)), vreinterpretq_f32_u32(vshll_high_n_u16(low, 16)),
        vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(high), 16)), vreinterpretq_f32_u32(vshll_high_n_u16(high, 16))};
}

INLINE lanes bf16(const uint8_t *p) { return upper_halves(shorts(p), shorts(p + 16)); }

// Sixteen bytes as numbers of four.
INLINE void widen(int8x16_t v, int32x4_t to[4]) {
    int16x8_t low = vmovl_s8(vget_low_s8(v)), high = vmovl_high_s8(v);
    to[0] = vmovl_s16(vget_low_s16(low));
    to[1] = vmovl_high_s16(low);
    to[2] = vmovl_s16(vget_low_s16(high));
    to[3] = vmovl_high_s16(high);
}

INLINE lanes signed_bytes(const uint8_t *p) {
    int32x4_t v[4];
    widen(vreinterpretq_s8_u8(vld1q_u8(p)), v);
    return (lanes) {vcvtq_f32_s32(v[0]), vcvtq_f32_s32(v[1]), vcvtq_f32_s32(v[2]), vcvtq_f32_s32(v[3])};
}

// The values of E2M1 codes, below 16. As floats they have no bits but in their two upper bytes.
INLINE lanes e2m1(uint8x16_t codes) {
    static const uint8_t first[16] = {
        0, 0x3f, 0x3f, 0x3f, 0x40, 0x40, 0x40, 0x40, 0x80, 0xbf, 0xbf, 0xbf, 0xc0, 0xc0, 0xc0, 0xc0};
    static const uint8_t second[16] = {0, 0, 0x80, 0xc0, 0, 0x40, 0x80, 0xc0, 0, 0, 0x80, 0xc0, 0, 0x40, 0x80, 0xc0};
    uint8x16_t upper = vqtbl1q_u8(vld1q_u8(first), codes), lower = vqtbl1q_u8(vld1q_u8(second), codes);
    return upper_halves(
        vreinterpretq_u16_u8(vzip1q_u8(lower, upper)), vreinterpretq_u16_u8(vzip2q_u8(lower, upper)));
}

INLINE lanes low_nibbles(const uint8_t *p) { return e2m1(vandq_u8(vld1q_u8(p), vdupq_n_u8(15))); }

INLINE lanes high_nibbles(const uint8_t *p) { return e2m1(vshrq_n_u8(vld1q_u8(p), 4)); }

// Neighbours that share a byte, of eight bytes.
INLINE lanes pairs(const uint8_t *p) {
    uint8x8_t bytes = vld1_u8(p), low = vand_u8(bytes, vdup_n_u8(15)), high = vshr_n_u8(bytes, 4);
    return e2m1(vcombine_u8(vzip1_u8(low, high), vzip2_u8(low, high)));
}

// The magnitude bits of E4M3 codes at a float's place: the value times 2^-120, subnormals included.
INLINE lanes e4m3(const uint8_t *p) {
    const int8x16_t codes = vreinterpretq_s8_u8(vld1q_u8(p));
    const uint16x8_t kept = vdupq_n_u16(0x87f0);
    return upper_halves(
        vandq_u16(vreinterpretq_u16_s16(vshll_n_s8(vget_low_s8(codes), 4)), kept),
        vandq_u16(vreinterpretq_u16_s16(vshll_high_n_s8(codes, 4)), kept));
}

// Which of sixteen E4M3 codes are NaN: all bits of those bytes.
INLINE uint8x16_t nans(const uint8_t *p) {
    const uint8x16_t nan = vdupq_n_u8(0x7f);
    return vceqq_u8(vandq_u8(vld1q_u8(p), nan), nan);
}

// NaN where the code is.
INLINE lanes set_nan(lanes value, const uint8_t *p) {
    const float32x4_t nan = vdupq_n_f32(__builtin_nanf(""));
    int32x4_t is[4];
    widen(vreinterpretq_s8_u8(nans(p)), is);
    return (lanes) {
        vbslq_f32(vreinterpretq_u32_s32(is[0]), nan, value.a), vbslq_f32(vreinterpretq_u32_s32(is[1]), nan, value.b),
        vbslq_f32(vreinterpretq_u32_s32(is[2]), nan, value.c), vbslq_f32(vreinterpretq_u32_s32(is[3]), nan, value.d)};
}

// Whether one of 128 codes is NaN.
INLINE int has_nan(const uint8_t *p) {
    uint8x16_t any = nans(p);
    for (int i = 16; i < 128; i += 16) {
        any = vorrq_u8(any, nans(p + i));
    }
    return vmaxvq_u8(any) != 0;
}

#include "float.h"
