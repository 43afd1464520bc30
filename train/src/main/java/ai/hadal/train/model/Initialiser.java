package ai.hadal.train.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/// The first values of a model, a function of its configuration and a seed: each tensor has its own stream of
/// numbers.
///
/// Matrices keep the size of what they multiply, those that write to the residual streams do so more softly the
/// deeper the model. Tokens that spell the same word begin alike, and the head begins as the embedding: what an
/// attention head copies for one word it then copies for all, whether a space stands before it or not.
/// Hyper-connections begin near a plain residual: each sublayer reads mostly one of the streams,
/// in turn, writes to all, and the mixing matrix is close to the identity.
final class Initialiser {

    private static final float EMBEDDING = 0.3f;
    private static final float HEAD = 0.5f;
    private static final float ALIKE = 0.8f;
    private static final float APART = 0.6f;
    /// Of a token vector's energy, half is common to all tokens.
    private static final float COMMON = 0.7071f;
    private static final float OWN = 0.7071f;
    private static final float HYPER_SCALE = 0.05f;
    private static final float IDENTITY = 4f;
    private static final float READ = 1f;
    private static final float SKIP = -2.3f;
    private static final float EVEN = -1.0986f;

    private final Parameters parameters;
    private final long seed;
    private final int[] kin;
    private long state;

    /// @param kin for each token one that it begins like, or itself
    Initialiser(Parameters parameters, long seed, int[] kin) {
        this.parameters = parameters;
        this.seed = seed;
        this.kin = kin;
    }

    void run() {
        for (var p : parameters.list()) {
            begin(p.name());
            fill(p, parameters.values());
        }
        relate(parameters.get("embed.weight"), parameters.get("head.weight"), parameters.values());
        float[] common = common(parameters.get("embed.weight"), parameters.values());
        begin("coordinates");
        var coordinates = new Coordinates(common, parameters.config().oGroups(), this::normal);
        new LookBack(parameters, common, COMMON, coordinates).apply(0);
        var induction = new InductionHeads(parameters, coordinates);
        int compressed = 0;
        for (int layer = 0; layer < parameters.config().layers(); layer++) {
            if (parameters.config().compressRatios()[layer] == 4) {
                induction.apply(layer, compressed++);
            }
        }
        int experts = parameters.config().experts();
        int k = parameters.config().expertsPerToken();
        parameters.hashTables().forEach((name, table) -> {
            begin(name);
            for (int token = 0; token < table.length / k; token++) {
                for (int slot = 0; slot < k; slot++) {
                    int expert;
                    do {
                        expert = (int) Math.floorMod(next() >>> 1, (long) experts);
                    } while (contains(table, token * k, slot, expert));
                    table[token * k + slot] = expert;
                }
            }
        });
    }

    private static boolean contains(int[] table, int at, int count, int value) {
        for (int i = at; i < at + count; i++) {
            if (table[i] == value) {
                return true;
            }
        }
        return false;
    }

    private void fill(Parameter p, float[] values) {
        String name = p.name();
        int at = p.offset();
        if (name.endsWith("norm.weight")) {
            constant(values, p, 1f);
        } else if (name.endsWith("_scale")) {
            constant(values, p, HYPER_SCALE);
        } else if (name.endsWith("hc_head_base")) {
            constant(values, p, EVEN);
        } else if (name.endsWith("_base")) {
            hyperBase(p, values);
        } else if (name.equals("embed.weight")) {
            normal(values, p, EMBEDDING);
        } else if (p.isMatrix()) {
            boolean writes = name.endsWith("wo_b.weight") || name.endsWith("w2.weight");
            float depth = writes ? 2f * parameters.config().layers() : 1f;
            normal(values, p, 1f / (root(p.cols()) * depth));
        } else {
            for (int i = at; i < at + p.size(); i++) {
                values[i] = 0f;
            }
        }
    }

    /// Moves the rows of kin together, and gives the head the embedding's rows.
    private void relate(Parameter embedding, Parameter head, float[] values) {
        int cols = embedding.cols();
        float shrink = HEAD / (EMBEDDING * root(cols));
        for (int token = 0; token < embedding.rows(); token++) {
            int own = embedding.offset() + token * cols;
            int other = embedding.offset() + kin[token] * cols;
            for (int i = 0; i < cols && other != own; i++) {
                values[own + i] = ALIKE * values[other + i] + APART * values[own + i];
            }
            for (int i = 0; i < cols; i++) {
                values[head.offset() + token * cols + i] = shrink * values[own + i];
            }
        }
    }

    /// Gives all token vectors a part in common, by which attention and routing can tell positions without regard to
    /// tokens; returns its direction.
    private float[] common(Parameter embedding, float[] values) {
        float[] common = new float[embedding.cols()];
        begin("common");
        double energy = 0;
        for (int i = 0; i < common.length; i++) {
            common[i] = normal();
            energy += (double) common[i] * common[i];
        }
        float unit = (float) Math.sqrt(common.length / energy);
        for (int i = 0; i < common.length; i++) {
            common[i] *= unit;
        }
        for (int i = 0; i < embedding.size(); i++) {
            int at = embedding.offset() + i;
            values[at] = OWN * values[at] + COMMON * EMBEDDING * common[i % common.length];
        }
        return common;
    }

    /// Base of a sublayer's connection: what it reads, what it writes, how streams mix.
    private void hyperBase(Parameter p, float[] values) {
        int s = parameters.config().hcMult();
        int sublayer = 2 * layer(p.name()) + (p.name().contains("hc_ffn") ? 1 : 0);
        for (int i = 0; i < s; i++) {
            values[p.offset() + i] = i == sublayer % s ? READ : SKIP;
            values[p.offset() + s + i] = 0f;
            for (int j = 0; j < s; j++) {
                values[p.offset() + 2 * s + i * s + j] = i == j ? IDENTITY : 0f;
            }
        }
    }

    private int layer(String name) {
        String[] parts = name.split("\\.", -1);
        int number = Integer.parseInt(parts[1]);
        return parts[0].equals("mtp") ? parameters.config().layers() + number : number;
    }

    private static void constant(float[] values, Parameter p, float value) {
        Arrays.fill(values, p.offset(), p.offset() + p.size(), value);
    }

    private void normal(float[] values, Parameter p, float deviation) {
        for (int i = p.offset(); i < p.offset() + p.size(); i++) {
            values[i] = deviation * normal();
        }
    }

    /// Nearly normal: twelve even numbers added, which is exact arithmetic on every machine.
    private float normal() {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (next() >>> 11) * 0x1p-53;
        }
        return (float) (sum - 6);
    }

    private void begin(String name) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        state = seed * 0x9E3779B97F4A7C15L + crc.getValue();
    }

    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static float root(int n) {
        return (float) Math.sqrt(n);
    }
}
