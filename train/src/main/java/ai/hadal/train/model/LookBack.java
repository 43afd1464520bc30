package ai.hadal.train.model;

import ai.hadal.model.ModelConfig;

/// Lets the heads of a block begin by looking a fixed number of tokens back, those of an output group at the tokens
/// 1, 2, ... before, and by writing what they find there shifted as often (see [Coordinates]).
///
/// Attention can only tell positions apart by rope, and rope acts on what queries and keys have in common for all
/// tokens. Random matrices give them nothing in common, so a small model would need millions of tokens to find the
/// word before. Here every token vector has a common part; the rope rows of `wkv` turn it into one key, and those of
/// `wq_b` into the same key turned back by the head's distance. What a token is still decides the other components.
///
/// Source: DeepSeek-V4 architecture, attention of a sliding window.
final class LookBack {

    /// Energy of the common key in the first pairs of rope, the fastest ones: together they name one distance.
    private static final double[] SHARES = {0.5, 0.3, 0.2};

    private static final double STRENGTH = 1.5;

    /// What is written of the token before, and how much less of each further one.
    private static final double WRITE = 1.5;
    private static final double FURTHER = 0.8;
    private static final float REST = 0.2f;

    private final Parameters parameters;
    private final ModelConfig config;
    private final float[] common;
    private final float size;
    private final Coordinates coordinates;

    /// @param common a vector of root mean square 1
    /// @param size of the common part of a normalised token vector, between 0 and 1
    LookBack(Parameters parameters, float[] common, float size, Coordinates coordinates) {
        this.parameters = parameters;
        this.config = parameters.config();
        this.common = common;
        this.size = size;
        this.coordinates = coordinates;
    }

    void apply(int layer) {
        String attention = "layers." + layer + ".attn.";
        Parameter key = parameters.get(attention + "wkv.weight");
        Parameter queryDown = parameters.get(attention + "wq_a.weight");
        Parameter query = parameters.get(attention + "wq_b.weight");
        // More than all random components together.
        double strength = STRENGTH * Math.sqrt(config.headDim());
        float[] low = product(queryDown, common);
        int plain = config.headDim() - config.ropeDim();
        double base = config.compressRatios()[layer] == 0 ? config.ropeTheta() : config.compressRopeTheta();
        for (int pair = 0; pair < Math.min(SHARES.length, config.ropeDim() / 2); pair++) {
            double amplitude = strength * Math.sqrt(SHARES[pair]);
            double frequency = StrictMath.pow(base, -2.0 * pair / config.ropeDim());
            add(key, plain + 2 * pair, common, amplitude);
            for (int head = 0; head < config.heads(); head++) {
                double angle = -distance(head) * frequency;
                int row = head * config.headDim() + plain + 2 * pair;
                add(query, row, low, amplitude * StrictMath.cos(angle));
                add(query, row + 1, low, amplitude * StrictMath.sin(angle));
            }
        }
        write(key, parameters.get(attention + "wo_a.weight"), parameters.get(attention + "wo_b.weight"));
    }

    private int distance(int head) {
        return 1 + head % (config.heads() / config.oGroups());
    }

    private void write(Parameter value, Parameter gather, Parameter write) {
        float[] values = parameters.values();
        int plain = config.headDim() - config.ropeDim();
        for (int channel = 0; channel < Math.min(plain, coordinates.grouped()); channel++) {
            coordinates.read(values, value, channel, 1 + channel);
        }
        int heads = config.heads() / config.oGroups();
        int count = Math.min(coordinates.perGroup(), config.oLoraRank());
        for (int group = 0; group < config.oGroups(); group++) {
            for (int r = 0; r < count; r++) {
                int row = group * config.oLoraRank() + r;
                int at = gather.offset() + row * gather.cols();
                for (int i = 0; i < gather.cols(); i++) {
                    values[at + i] *= REST;
                }
                double size = WRITE;
                for (int head = 0; head < heads; head++, size *= FURTHER) {
                    int channel = coordinates.of(group, r - distance(head)) - 1;
                    if (channel < plain) {
                        values[at + head * config.headDim() + channel] = (float) size;
                    }
                }
                coordinates.write(values, write, row, coordinates.of(group, r), 1);
            }
        }
    }

    private float[] product(Parameter matrix, float[] x) {
        float[] y = new float[matrix.rows()];
        for (int r = 0; r < y.length; r++) {
            double sum = 0;
            for (int c = 0; c < x.length; c++) {
                sum += (double) parameters.values()[matrix.offset() + r * matrix.cols() + c] * x[c];
            }
            y[r] = (float) sum;
        }
        return y;
    }

    /// Adds to a row what makes its product with the common part of its input larger by `amount`.
    private void add(Parameter matrix, int row, float[] input, double amount) {
        double energy = 0;
        for (float x : input) {
            energy += (double) x * x;
        }
        double factor = amount / (energy * size);
        int at = matrix.offset() + row * matrix.cols();
        for (int c = 0; c < input.length; c++) {
            parameters.values()[at + c] += (float) (factor * input[c]);
        }
    }
}
