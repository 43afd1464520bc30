// What a 64-bit ARM processor can do.

#include <sys/auxv.h>

#include "common.h"

// 4: the kernels for NEON, which every one of them has; 5: those for the 8-bit dot product of ARMv8.2 as well. As
// NativeTier numbers them.
EXPORT int32_t hadal_tier(void) { return getauxval(AT_HWCAP) & HWCAP_ASIMDDP ? 5 : 4; }
