package ai.hadal.backend.cpu;

import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.natives.NativeIndex;
import ai.hadal.tensor.ActivationRounding;
import ai.hadal.tensor.E2m1;

/// Index queries as integers: twice their E2M1 values, and half of their scales.
final class Fp4Queries {

    private static final int GROUP = EntryLayout.FP4_GROUP;

    private float[] integers = {};
    private byte[] codes = {};
    private int[] offsets = {};
    private float[] scales = {};
    private int groups;

    /// Takes queries of `heads` parts a row for the kernel in Java.
    void encode(HostActivations q, int heads, Team team) {
        int count = reserve(q, heads);
        if (integers.length < count * GROUP) {
            integers = new float[count * GROUP];
        }
        team.run(count, GROUP * 8L, (g, scratch) -> {
            float scale = scale(q.data(), g);
            for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
                integers[i] = integer(q.data()[i], scale);
            }
        });
    }

    /// Takes queries for the kernel in C.
    NativeIndex.Queries encode(HostActivations q, HostActivations weights, int heads, float scale, Team team) {
        int count = reserve(q, heads);
        if (offsets.length < count) {
            codes = new byte[count * GROUP];
            offsets = new int[count];
        }
        team.run(count, GROUP * 8L, (g, scratch) -> {
            float own = scale(q.data(), g);
            int sum = 0;
            for (int i = 0; i < GROUP; i++) {
                int code = (int) integer(q.data()[g * GROUP + i], own);
                codes[g * GROUP + (i & -8) + (i & 1) * 4 + (i & 7) / 2] = (byte) code;
                sum += code;
            }
            offsets[g] = -12 * sum;
        });
        return new NativeIndex.Queries(codes, offsets, scales, weights.data(), scale, heads);
    }

    private int reserve(HostActivations q, int heads) {
        groups = q.cols() / heads / GROUP;
        int count = q.rows() * heads * groups;
        if (scales.length < count) {
            scales = new float[count];
        }
        return count;
    }

    /// The scale of group g, whose half is kept.
    private float scale(float[] x, int g) {
        float scale = ActivationRounding.fp4Scale(ActivationRounding.amax(x, g * GROUP, (g + 1) * GROUP));
        scales[g] = 0.5f * scale;
        return scale;
    }

    private static float integer(float x, float scale) {
        return Float.isNaN(scale) ? 0f : 2f * E2m1.decode(E2m1.encode(x / scale));
    }

    /// The integers, as floats, part by part.
    float[] integers() {
        return integers;
    }

    /// The scales, group by group.
    float[] scales() {
        return scales;
    }

    /// Groups of a part.
    int groups() {
        return groups;
    }
}
