package ai.hadal.backend;

import static ai.hadal.backend.BackendUnderTest.bytes;
import static ai.hadal.backend.BackendUnderTest.gaussian;
import static ai.hadal.backend.BackendUnderTest.rows;
import static ai.hadal.backend.BackendUnderTest.values;

import ai.hadal.tensor.Format;
import ai.hadal.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Checksums of products, for every stored format, rounding and number of vectors that kernels treat apart: lines that
/// are the same for all kernels.
final class ProductMatrix {

    private static final int[] VECTORS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 17, 40, 67};

    /// E8M0 codes from the smallest to NaN; those over 134 are too large for a factor of 2^120.
    private static final int[] SCALES = {0, 1, 2, 120, 127, 134, 135, 200, 254, 255};

    /// F16 scales from zero to NaN.
    private static final int[] HALVES = {0, 1, 0x83ff, 0x7bff, 0xfbff, 0x7c00, 0x7e00};

    private ProductMatrix() {}

    /// Prints a backend's lines; the argument is its name.
    public static void main(String[] args) {
        lines(args[0]).forEach(System.out::println);
    }

    static List<String> lines(String name) {
        var lines = new ArrayList<String>();
        try (var backend = Backends.open(name, 3)) {
            for (var format : Format.values()) {
                if (format.isWeight()) {
                    int cols = format.blockElements() == 256 ? 512 : 384;
                    for (int rows : new int[] {1, 67, 133}) {
                        var random = new Random(rows);
                        add(lines, backend, format + " " + rows, BackendUnderTest.weight(format, rows, cols, random));
                    }
                }
            }
            for (int scale : SCALES) {
                for (var format : List.of(Format.F8_E4M3, Format.F4_E2M1, Format.MXFP4)) {
                    add(lines, backend, format + " under " + scale, scaled(format, scale));
                }
            }
            for (int half : HALVES) {
                for (var format : List.of(Format.Q4_K, Format.Q6_K, Format.Q2_K, Format.IQ2_XXS)) {
                    var random = new Random(half);
                    byte[] codes = new byte[37 * (int) format.bytes(512)];
                    random.nextBytes(codes);
                    var w = BackendUnderTest.blocks(
                            format, 37, 512, codes, i -> i % 3 == 2 ? Float.floatToFloat16(0.01f) : (short) half);
                    add(lines, backend, format + " under half " + half, w);
                }
            }
        }
        return lines;
    }

    /// 133 rows of random codes, of which some are NaN in E4M3; the last rows and columns have another scale.
    private static Weight scaled(Format format, int scale) {
        var random = new Random(scale);
        byte[] codes = new byte[133 * (int) format.bytes(384)];
        random.nextBytes(codes);
        if (format == Format.MXFP4) {
            for (int i = 0; i < codes.length; i += 17) {
                codes[i] = (byte) (i / 17 % 5 == 0 ? 125 : scale);
            }
        }
        if (format == Format.F8_E4M3) {
            for (int i = 0; i < codes.length; i++) {
                boolean isNan = (codes[i] & 0x7f) == 0x7f;
                codes[i] = isNan && i % 384 != 200 ? 0x35 : codes[i];
            }
            codes[3 * 384 + 17] = 0x7f;
        }
        byte[] scales = new byte[format == Format.F8_E4M3 ? 2 * 3 : 133 * 12];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) (i % 3 == 2 ? 122 : scale);
        }
        @Nullable MemorySegment apart = format == Format.MXFP4 ? null : bytes(scales);
        return new Weight("w", format, 133, 384, format.bytes(384), bytes(codes), apart);
    }

    private static void add(List<String> lines, Backend backend, String title, Weight w) {
        for (int n : VECTORS) {
            float[] x = gaussian(new Random(n), n * w.cols());
            for (var rounding : List.of(InputRounding.NONE, InputRounding.INT8)) {
                var y = backend.activations(w.rows());
                backend.linear(w, rows(backend, x, w.cols()), rounding, y);
                var sum = new CRC32();
                for (float value : values(y)) {
                    int bits = Float.floatToIntBits(value);
                    for (int shift = 0; shift < 32; shift += 8) {
                        sum.update(bits >> shift);
                    }
                }
                lines.add("%s, %d vectors, %s: %08x".formatted(title, n, rounding, sum.getValue()));
            }
        }
    }
}
