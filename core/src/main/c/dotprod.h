// Kernels for 64-bit ARM with the 8-bit dot product of ARMv8.2.

#pragma once

#include <arm_neon.h>

#define DOTPROD __attribute__((target("arch=armv8.2-a+dotprod")))
