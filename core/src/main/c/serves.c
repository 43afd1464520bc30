// What the processor can do.

#include "common.h"

static int has_avx512(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq");
}

// 1 where the kernels run, 0 where the processor lacks an instruction.
EXPORT int32_t hadal_float_serves(void) { return has_avx512(); }

EXPORT int32_t hadal_int8_serves(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }
