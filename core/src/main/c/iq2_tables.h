// IQ2_XXS for kernels that look up eight elements at a time.

#pragma once

#include "common.h"
#include "iq2_grid.h"

// Per grid entry eight magnitudes, and per sign code eight bytes of which negative ones are -1, others 1.
struct tables {
    uint64_t magnitudes[256], signs[128];
};

INLINE void fill(struct tables *to) {
    for (int i = 0; i < 256; i++) {
        uint64_t entry = 0;
        for (int j = 7; j >= 0; j--) {
            entry = entry << 8 | (uint64_t) (0x2b1908 >> 8 * (iq2_grid[i] >> 2 * j & 3) & 0xff);
        }
        to->magnitudes[i] = entry;
    }
    for (int i = 0; i < 128; i++) {
        int bits = i | (i ^ i >> 1 ^ i >> 2 ^ i >> 3 ^ i >> 4 ^ i >> 5 ^ i >> 6) << 7;
        uint64_t entry = 0;
        for (int j = 7; j >= 0; j--) {
            entry = entry << 8 | (bits >> j & 1 ? 0xff : 1);
        }
        to->signs[i] = entry;
    }
}
