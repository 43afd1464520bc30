package ai.hadal.backend.cpu;

import static ai.hadal.backend.cpu.Lanes.F;
import static ai.hadal.backend.cpu.Lanes.I;

import ai.hadal.tensor.E2m1;
import ai.hadal.tensor.E8m0;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// What kernels on 4-bit codes look up, for vectors of sixteen lanes.
final class Nibbles {

    /// The values of UE8M0 codes.
    static final float[] SCALES = scales();

    private static final float[] VALUES = codes();
    private static final int[] SHIFTS = {0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28};

    private Nibbles() {}

    /// The values of E2M1 codes.
    static FloatVector values() {
        return FloatVector.fromArray(F, VALUES, 0);
    }

    /// Where a lane's nibble lies in its word: lane l has nibble `l mod 8`.
    static IntVector shifts() {
        return IntVector.fromArray(I, SHIFTS, 0);
    }

    /// Lanes 8 to 15, which take the second of two words.
    static VectorMask<Integer> upper() {
        return VectorMask.fromLong(I, 0xff00);
    }

    private static float[] codes() {
        float[] values = new float[16];
        for (int code = 0; code < 16; code++) {
            values[code] = E2m1.decode(code);
        }
        return values;
    }

    private static float[] scales() {
        float[] values = new float[256];
        for (int code = 0; code < 256; code++) {
            values[code] = E8m0.decode((byte) code);
        }
        return values;
    }
}
