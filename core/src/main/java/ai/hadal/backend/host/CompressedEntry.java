package ai.hadal.backend.host;

import ai.hadal.backend.CompressorShape;
import ai.hadal.tensor.ActivationRounding;

/// What turns a pooled row into a compressed entry.
public final class CompressedEntry {

    private CompressedEntry() {}

    /// Norm, rope at the block's first position, rotation and rounding, in place.
    ///
    /// @param square the entry's dot product with itself
    public static void finish(CompressorShape shape, long position, float[] entry, float square) {
        int width = shape.width();
        float s = Arithmetic.inverseRms(square, width, shape.eps());
        for (int i = 0; i < width; i++) {
            entry[i] = shape.norm()[i] * (entry[i] * s);
        }
        int pairs = shape.rope().pairs();
        float[] cos = new float[pairs];
        float[] sin = new float[pairs];
        shape.rope().angles(position, cos, sin, 0);
        RowMath.rope(entry, width, cos, sin, 0, pairs, false);
        switch (shape.finish()) {
            case NONE -> {}
            case FP8 -> ActivationRounding.fp8(entry, 0, width - shape.ropeDim(), 64);
            case HADAMARD -> RowMath.hadamard(entry, 0, width);
            case HADAMARD_FP4 -> {
                RowMath.hadamard(entry, 0, width);
                ActivationRounding.fp4(entry, 0, width);
            }
        }
    }
}
