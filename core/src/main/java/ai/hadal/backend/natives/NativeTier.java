package ai.hadal.backend.natives;

/// Instructions that kernels in C use, each with those before it of the same kind of processor: as `src/main/c/tier.c`
/// and `src/main/c/tier_neon.c` number them.
enum NativeTier {
    NONE("", "", "", false, false),
    AVX2("AVX2", "_avx2", "_avx2", false, false),
    AVX512("AVX-512", "_avx512", "_avx2", true, false),
    AVX512_VNNI("AVX-512 VNNI", "_avx512", "_avx512", true, true),
    NEON("NEON", "_neon", "_neon", true, false),
    NEON_DOTPROD("NEON with dot products", "_neon", "_dotprod", true, true);

    /// The instructions, for people.
    final String title;

    /// What the names of the float kernels end with.
    final String floats;

    /// What the names of the integer kernels end with.
    final String integers;

    /// Whether there are kernels of attention.
    final boolean attends;

    /// Whether the processor has an 8-bit dot product, and the kernels of index keys use it.
    final boolean dots;

    NativeTier(String title, String floats, String integers, boolean attends, boolean dots) {
        this.title = title;
        this.floats = floats;
        this.integers = integers;
        this.attends = attends;
        this.dots = dots;
    }

    /// The tier of a number.
    static NativeTier of(int number) {
        return switch (number) {
            case 1 -> AVX2;
            case 2 -> AVX512;
            case 3 -> AVX512_VNNI;
            case 4 -> NEON;
            case 5 -> NEON_DOTPROD;
            default -> NONE;
        };
    }
}
