// The integer kernels for 64-bit ARM with the 8-bit dot product.

#include "dotprod.h"

#define TARGET DOTPROD
#define NAME(name) name##_dotprod

#define dots vdotq_s32
#define dots_of_four vdotq_laneq_s32

#include "int8_neon.h"
