// Products of the numerics profile `int8` for formats in blocks of 256 elements, what their kernels share. The form of a
// kernel, the order of its sums and the names are those of int8.h, but for the sums of codes.
//
// A group's part is fma(D, a * e, sum) and, in formats with minima, after it fma(N, b * e, sum): D the exact integer dot
// product of the group, N the exact integer that its minima add, e the input's scale.
//
//            the integers of D   a                N                                       b
//   Q4_K     q                   d * scale        -(sum of the group's codes)             dmin * minimum
//   Q2_K     scale * q           d                -(minimum * sum of codes, both halves)  dmin
//   Q6_K     scale * (q - 32)    d
//   IQ2_XXS  signed magnitude    d * (2 s + 1) / 8
//
// a and b are exact. Halves of a group are its elements 0 to 15 and 16 to 31.
//
// cols: a multiple of 256. room: 64-byte aligned, cols / 32 * 768 bytes.

#pragma once

#include "int8.h"

// As numbered in NativeLibrary.
enum block_format { Q4_K = 7, Q6_K = 8, Q2_K = 9, IQ2_XXS = 10 };

enum { BLOCK = 256 };

struct halved_input {
    const int8_t *codes;  // [rows, cols]
    const float *scales;  // [rows, cols / 32]
    const int16_t *sums;  // [rows, cols / 16], of the codes of half a group
};

INLINE int block_bytes(enum block_format format) {
    return format == Q4_K ? 144 : format == Q6_K ? 210 : format == Q2_K ? 84 : 66;
}

INLINE int has_minima(enum block_format format) { return format == Q4_K || format == Q2_K; }
