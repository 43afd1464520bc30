package ai.hadal.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Adds the lanes of several products, in the order of [ai.hadal.backend.host.Arithmetic#addLanes]: the first two
/// distances (8 and 4) as whole vectors of four, which every machine has, the last two as scalars.
final class LaneSums {

    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

    private LaneSums() {}

    /// `out[d] = sum of lanes[16 d .. 16 d + 15]` for d in `0 .. products-1`; `lanes` is overwritten.
    static void add(float[] lanes, int products, float[] out) {
        for (int at = 0; at < products * Lanes.REDUCTION; at += Lanes.REDUCTION) {
            var even = FloatVector.fromArray(FOUR, lanes, at).add(FloatVector.fromArray(FOUR, lanes, at + 8));
            var odd = FloatVector.fromArray(FOUR, lanes, at + 4).add(FloatVector.fromArray(FOUR, lanes, at + 12));
            even.add(odd).intoArray(lanes, at);
        }
        for (int d = 0; d < products; d++) {
            int at = d * Lanes.REDUCTION;
            out[d] = (lanes[at] + lanes[at + 2]) + (lanes[at + 1] + lanes[at + 3]);
        }
    }
}
