package ai.hadal.backend.cpu;

import ai.hadal.tensor.Weight;

/// The integers of a stored row as floats, the vector twin of [ai.hadal.tensor.IntegerRows#decode].
final class CodeDecoder {

    private CodeDecoder() {}

    static void decode(Weight w, int row, float[] out, int to) {
        long at = row * w.rowStride();
        int n = w.cols();
        switch (w.format()) {
            case Q8_0 -> ByteDecoder.q8Codes(w.data(), at, n, out, to);
            case MXFP4 -> NibbleDecoder.mxfp4Codes(w.data(), at, n, out, to);
            case F4_E2M1 -> NibbleDecoder.e2m1Codes(w.data(), at, n, out, to);
            case Q4_K -> SuperBlockDecoder.q4Codes(w.data(), at, n, out, to);
            case Q6_K -> SuperBlockDecoder.q6Codes(w.data(), at, n, out, to);
            case Q2_K -> SuperBlockDecoder.q2Codes(w.data(), at, n, out, to);
            case IQ2_XXS -> SuperBlockDecoder.iq2Codes(w.data(), at, n, out, to);
            default -> throw new IllegalArgumentException(w.format() + " has no integers");
        }
    }
}
