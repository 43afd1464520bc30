package ai.hadal.train.gradient;

import static ai.hadal.train.gradient.Vectors.F;

import jdk.incubator.vector.FloatVector;

/// What the machine can do.
public final class PeakFlops {

    private PeakFlops() {}

    /// Fused multiply-adds a second, times two, that one thread does from registers; the best of a few short runs.
    public static double measure() {
        double best = 0;
        for (int run = 0; run < 8; run++) {
            long before = System.nanoTime();
            int rounds = 400_000;
            float check = chains(rounds);
            double seconds = (System.nanoTime() - before) / 1e9;
            if (check != 0f) {
                best = Math.max(best, 2.0 * 12 * F.length() * rounds / seconds);
            }
        }
        return best;
    }

    /// Twelve independent chains.
    private static float chains(int rounds) {
        var a = FloatVector.broadcast(F, 0.5f);
        var b = FloatVector.broadcast(F, 0.25f);
        var s0 = a;
        var s1 = a;
        var s2 = a;
        var s3 = a;
        var s4 = a;
        var s5 = a;
        var s6 = a;
        var s7 = a;
        var s8 = a;
        var s9 = a;
        var s10 = a;
        var s11 = a;
        for (int i = 0; i < rounds; i++) {
            s0 = s0.fma(a, b);
            s1 = s1.fma(a, b);
            s2 = s2.fma(a, b);
            s3 = s3.fma(a, b);
            s4 = s4.fma(a, b);
            s5 = s5.fma(a, b);
            s6 = s6.fma(a, b);
            s7 = s7.fma(a, b);
            s8 = s8.fma(a, b);
            s9 = s9.fma(a, b);
            s10 = s10.fma(a, b);
            s11 = s11.fma(a, b);
        }
        return s0.add(s1)
                .add(s2)
                .add(s3)
                .add(s4)
                .add(s5)
                .add(s6)
                .add(s7)
                .add(s8)
                .add(s9)
                .add(s10)
                .add(s11)
                .lane(0);
    }
}
