// What the kernels share: names, and fetching of memory ahead.

#pragma once

#include <immintrin.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE __attribute__((always_inline)) static inline

// Rows of a weight that are multiplied at a time.
enum { ROWS = 4 };

// Whether the processor has what all kernels here need.
INLINE int has_avx512(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq");
}

// Fetch memory in its order, into the first- and into the second-level cache. Rows at a time are streams that end too
// soon to be foreseen by the processor, which reach half of its bandwidth; the second-level cache can wait for more
// lines at once.
INLINE void fetch_near(const uint8_t *from, int64_t bytes) {
    for (const uint8_t *p = from; p < from + bytes; p += 64) {
        _mm_prefetch((const char *) p, _MM_HINT_T0);
    }
}

INLINE void fetch(const uint8_t *from, int64_t bytes) {
    for (const uint8_t *p = from; p < from + bytes; p += 64) {
        _mm_prefetch((const char *) p, _MM_HINT_T1);
    }
}
