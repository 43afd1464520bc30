// How fast the processor multiplies 8-bit integers from registers: the ceiling of the kernels in int8.c.

#include "vnni.h"

enum { CHAINS = 12, BYTES = 64 };

#define ALL(f) f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7) f(8) f(9) f(10) f(11)
#define START(i) __m512i sum##i = _mm512_set1_epi32(i);
#define MULTIPLY(i) sum##i = _mm512_dpbusd_epi32(sum##i, a, b);
#define JOIN(i) all = _mm512_xor_si512(all, sum##i);

// Multiply-adds of 8-bit integers in a round of hadal_int8_peak.
EXPORT int32_t hadal_int8_peak_round(void) { return CHAINS * BYTES; }

// Independent chains of dot products; the result is only there to be used. Names, not an array, which the compiler would
// keep in memory.
VNNI EXPORT int32_t hadal_int8_peak(int64_t rounds) {
    const __m512i a = _mm512_set1_epi8(3);
    const __m512i b = _mm512_set1_epi8(-1);
    ALL(START)
    for (int64_t r = 0; r < rounds; r++) {
        ALL(MULTIPLY)
    }
    __m512i all = _mm512_setzero_si512();
    ALL(JOIN)
    return _mm512_reduce_add_epi32(all);
}
