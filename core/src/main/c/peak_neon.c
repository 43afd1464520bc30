// How fast the processor multiplies 8-bit integers from registers: the ceiling of the kernels in int8_dotprod.c.

#include "common.h"
#include "dotprod.h"

enum { CHAINS = 12, BYTES = 16 };

#define ALL(f) f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7) f(8) f(9) f(10) f(11)
#define START(i) int32x4_t sum##i = vdupq_n_s32(i);
#define MULTIPLY(i) sum##i = vdotq_s32(sum##i, a, b);
#define JOIN(i) all = veorq_s32(all, sum##i);

// Multiply-adds of 8-bit integers in a round of hadal_int8_peak.
EXPORT int32_t hadal_int8_peak_round(void) { return CHAINS * BYTES; }

// Independent chains of dot products; the result is only there to be used. Names, not an array, which the compiler
// would keep in memory.
DOTPROD EXPORT int32_t hadal_int8_peak(int64_t rounds) {
    const int8x16_t a = vdupq_n_s8(3);
    const int8x16_t b = vdupq_n_s8(-1);
    ALL(START)
    for (int64_t r = 0; r < rounds; r++) {
        ALL(MULTIPLY)
    }
    int32x4_t all = vdupq_n_s32(0);
    ALL(JOIN)
    return vaddvq_s32(all);
}
