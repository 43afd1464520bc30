// What the processor can do.

#include "common.h"

// 0: none of the kernels; 1: those for AVX2 with FMA and F16C; 2: the float kernels for AVX-512 as well; 3: also the
// integer kernels for AVX-512 VNNI. As NativeTier numbers them.
EXPORT int32_t hadal_tier(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c")) {
        return 0;
    }
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")
        || !__builtin_cpu_supports("avx512dq")) {
        return 1;
    }
    return __builtin_cpu_supports("avx512vnni") ? 3 : 2;
}
