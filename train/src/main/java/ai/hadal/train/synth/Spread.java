package ai.hadal.train.synth;

import ai.hadal.model.TensorPlan.Planned;

/// How large the numbers of a tensor are. Matrices keep the size of what they multiply and norms are near 1, so that
/// no depth and no length of text makes anything grow; logits have a deviation of about 2.
record Spread(double mean, double deviation) {

    /// Key-value entries are larger than other vectors, so that attention chooses rather than averages.
    private static final double KEY_VALUE = 2;

    private static final double LOGITS = 2;

    static Spread of(Planned tensor) {
        String name = tensor.name();
        if (name.endsWith("norm.weight")) {
            boolean entry = name.endsWith("kv_norm.weight") || name.endsWith("attn.compressor.norm.weight");
            double size = entry ? KEY_VALUE : 1;
            return new Spread(size, 0.1 * size);
        }
        if (name.endsWith("_scale")) {
            return new Spread(0.5, 0.1);
        }
        if (name.endsWith("_base") || name.endsWith(".ape")) {
            return new Spread(0, 0.5);
        }
        if (name.endsWith(".bias")) {
            return new Spread(0, 0.1);
        }
        if (name.endsWith(".attn_sink") || name.equals("embed.weight")) {
            return new Spread(0, 1);
        }
        double even = 1 / Math.sqrt(tensor.shape()[1]);
        return new Spread(0, name.equals("head.weight") ? LOGITS * even : even);
    }
}
