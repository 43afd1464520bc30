// What the kernels share: names, stored formats, and fetching of memory ahead.

#pragma once

#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE __attribute__((always_inline)) static inline

// As numbered in NativeLibrary.
enum format { Q8_0 = 0, MXFP4 = 1, F4_E2M1 = 2, F8_E4M3 = 3, BF16 = 4, F16 = 5, F32 = 6 };

// What a UE8M0 code means: 2^(e - 127), NaN for 255.
INLINE float e8m0(uint8_t e) {
    uint32_t bits = e == 255 ? 0x7fc00000 : e == 0 ? 0x00400000 : (uint32_t) e << 23;
    float value;
    __builtin_memcpy(&value, &bits, 4);
    return value;
}

// Fetch memory in its order, into the first- and into the second-level cache. Rows at a time are streams that end too
// soon to be foreseen by the processor, which reach half of its bandwidth; the second-level cache can wait for more
// lines at once.
INLINE void fetch_near(const uint8_t *from, int64_t bytes) {
    for (const uint8_t *p = from; p < from + bytes; p += 64) {
        __builtin_prefetch(p, 0, 3);
    }
}

INLINE void fetch(const uint8_t *from, int64_t bytes) {
    for (const uint8_t *p = from; p < from + bytes; p += 64) {
        __builtin_prefetch(p, 0, 2);
    }
}
