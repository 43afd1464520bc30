package ai.hadal.backend.natives;

/// Instructions that kernels in C use, each with those before it: as `src/main/c/tier.c` numbers them.
enum NativeTier {
    NONE("", "", ""),
    AVX2("AVX2", "_avx2", "_avx2"),
    AVX512("AVX-512", "_avx512", "_avx2"),
    AVX512_VNNI("AVX-512 VNNI", "_avx512", "_avx512");

    /// The instructions, for people.
    final String title;

    /// What the names of the float kernels end with.
    final String floats;

    /// What the names of the integer kernels end with.
    final String integers;

    NativeTier(String title, String floats, String integers) {
        this.title = title;
        this.floats = floats;
        this.integers = integers;
    }

    /// The tier of a number.
    static NativeTier of(int number) {
        return switch (number) {
            case 1 -> AVX2;
            case 2 -> AVX512;
            case 3 -> AVX512_VNNI;
            default -> NONE;
        };
    }
}
