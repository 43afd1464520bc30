// Matrix products of the numerics profile `int8`, what its kernels share. The definition is in Backend's Javadoc; the
// scalar twin is IntegerProduct in the reference backend. Activations are codes of one byte in groups of 32 with a float
// scale; the dot product of a group is an exact integer, so only the order of the float sums has to be kept: four sums,
// group g in sum g mod 4, by fused multiply-add in ascending g, then (0 + 2) + (1 + 3).
//
// A kernel is y[t * (end - first) + r] = row first + r of the weight . vector index[t] of the input, for the n vectors t.
//
// cols: a multiple of 128. panel: 64-byte aligned room of cols / 32 * 576 bytes.

#pragma once

#include "common.h"

enum { GROUP = 32 };

struct weight {
    const uint8_t *data;
    int64_t stride;       // bytes from row to row
    const uint8_t *scale; // F4_E2M1: a byte for each row and group
    int64_t scale_stride;
};

struct input {
    const int8_t *codes;  // [rows, cols]
    const float *scales;  // [rows, cols / 32]
    const int32_t *sums;  // [rows, cols / 32], of the codes of a group
};
