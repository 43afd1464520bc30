package ai.hadal.model;

import java.util.Arrays;

/// The configurations of the published models.
public final class PublishedConfigs {

    private PublishedConfigs() {}

    /// V4-Flash.
    public static ModelConfig flash() {
        int[] ratios = byTurns(43);
        return flash(ratios.length, 1, 3, withMtp(ratios), 128);
    }

    /// The widths of V4-Flash with other blocks, neither hash routing nor MTP.
    ///
    /// @param window of the blocks
    /// @param ratios of compression, one for each block
    public static ModelConfig flash(int window, int... ratios) {
        return flash(ratios.length, 0, 0, ratios, window);
    }

    private static ModelConfig flash(int layers, int mtp, int hashed, int[] ratios, int window) {
        return new ModelConfig(
                4096,
                layers,
                mtp,
                hashed,
                ratios,
                64,
                512,
                64,
                1024,
                8,
                1024,
                window,
                64,
                128,
                512,
                256,
                6,
                2048,
                1.5f,
                limits(ratios.length),
                limits(ratios.length),
                4,
                20,
                1e-6f,
                1e-6f,
                10000,
                160000,
                new ModelConfig.Yarn(16, 65536, 32, 1),
                129280,
                1 << 20,
                0,
                1);
    }

    /// V4-Pro.
    static ModelConfig pro() {
        int[] ratios = byTurns(61);
        ratios[0] = 128;
        ratios[1] = 128;
        return new ModelConfig(
                7168,
                61,
                1,
                3,
                withMtp(ratios),
                128,
                512,
                64,
                1536,
                16,
                1024,
                128,
                64,
                128,
                1024,
                384,
                6,
                3072,
                2.5f,
                limits(62),
                limits(62),
                4,
                20,
                1e-6f,
                1e-6f,
                10000,
                160000,
                new ModelConfig.Yarn(16, 65536, 32, 1),
                129280,
                1 << 20,
                0,
                1);
    }

    /// Two SWA blocks, then CSA and HCA by turns.
    public static int[] byTurns(int layers) {
        int[] ratios = new int[layers];
        for (int l = 2; l < layers; l++) {
            ratios[l] = l % 2 == 0 ? 4 : 128;
        }
        return ratios;
    }

    /// The MTP block at the end is a SWA block.
    private static int[] withMtp(int[] ratios) {
        return Arrays.copyOf(ratios, ratios.length + 1);
    }

    private static float[] limits(int n) {
        float[] limits = new float[n];
        Arrays.fill(limits, 10);
        return limits;
    }
}
