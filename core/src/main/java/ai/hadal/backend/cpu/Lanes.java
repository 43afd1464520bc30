package ai.hadal.backend.cpu;

import ai.hadal.error.HadalException;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector shape of every kernel, chosen once: the machine's preferred one (at most 512 bits), or the number of
/// bits in the system property `hadal.simd` (128, 256 or 512).
///
/// ### Implementation note
/// A reduction has 16 lanes on every machine. A kernel with L hardware lanes runs `16 / L` passes; pass p sums the
/// elements of lanes `pL .. pL+L-1`, so one source serves all widths with the same bits, and the second and later
/// passes find the data in the nearest cache. The species are constants, so C2 compiles each kernel for one shape
/// only.
final class Lanes {

    /// Lanes of a reduction, see [ai.hadal.backend.Backend].
    static final int REDUCTION = 16;

    static final VectorSpecies<Float> F = VectorSpecies.of(float.class, shape());

    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

    /// As many shorts as float lanes.
    static final VectorSpecies<Short> S = VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

    /// As many bytes as float lanes, but at least the eight of the smallest vector.
    static final VectorSpecies<Byte> B =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

    /// The bytes of a float vector.
    static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, F.vectorShape());

    /// Float lanes of a vector.
    static final int L = F.length();

    /// Float vectors that a byte vector makes: 1, or 2 where the smallest byte vector has more lanes.
    static final int PARTS = B.length() / L;

    private Lanes() {}

    private static VectorShape shape() {
        int preferred = Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
        int bits = Integer.getInteger("hadal.simd", preferred);
        if (bits != 128 && bits != 256 && bits != 512) {
            throw new HadalException("the system property hadal.simd is " + bits + "; it must be 128, 256 or 512");
        }
        return VectorShape.forBitSize(bits);
    }

    /// Width of a vector. Touches every species, so that a broken Vector API fails at start and not inside a kernel.
    static int bits() {
        boolean consistent = IntVector.zero(I).length() == L
                && ShortVector.zero(S).length() == L
                && ByteVector.zero(B).length() >= L;
        if (!consistent) {
            throw new HadalException("the Vector API of this JVM does not work with " + F.vectorBitSize()
                    + " bits; set -Dhadal.simd to another width, or use the reference backend");
        }
        return F.vectorBitSize();
    }
}
