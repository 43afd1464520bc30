package ai.hadal.train.model;

import ai.hadal.model.ModelConfig;

/// Lets the heads of a CSA block begin as induction heads: what followed a word before is found by that word, in the
/// window and in compressed entries alike.
///
/// An entry of random matrices is a blur of eight tokens, by which no head finds one of them. Here the channels of an
/// entry are divided among the tokens of its block, one slot each, by the positional table of the compressor's gates;
/// a head begins with one slot. Its query is what stands here and just before, shifted once (see [Coordinates]); its
/// key is the same of the token in the slot, with what stood before that token already shifted. The keys are larger
/// than in other blocks, for one entry to stand out among thousands. The indexer begins likewise.
///
/// Source: DeepSeek-V4 architecture, compressed sparse attention; Olsson et al. 2022, "In-context Learning and
/// Induction Heads".
final class InductionHeads {

    /// Of the matrices' random first values.
    private static final float REST = 0.2f;
    private static final float OWN_SLOT = 4f;
    private static final float BLOCK_BEFORE = -2f;
    private static final float WINDOW_KEY = 2f;
    private static final float ENTRY_KEY = 3f;
    private static final float WRITE = 0.12f;

    /// Where nothing matches a head would else write noise.
    private static final float SINK = 5f;

    private static final int SLOTS = 4;

    private final Parameters parameters;
    private final ModelConfig config;
    private final Coordinates coordinates;

    InductionHeads(Parameters parameters, Coordinates coordinates) {
        this.parameters = parameters;
        this.config = parameters.config();
        this.coordinates = coordinates;
    }

    /// @param number of the block among the CSA blocks: each reads other directions
    void apply(int layer, int number) {
        String attention = "layers." + layer + ".attn.";
        int width = slotWidth(config.headDim());
        int first = number * width;

        Parameter down = parameters.get(attention + "wq_a.weight");
        for (int i = 0; i < Math.min(down.rows(), down.cols()); i++) {
            row(down, i, i);
        }
        query(parameters.get(attention + "wq_b.weight"), config.heads(), config.headDim(), first);
        Parameter window = parameters.get(attention + "wkv.weight");
        slots(window, 0, config.headDim(), first);
        fill(parameters.get(attention + "kv_norm.weight"), WINDOW_KEY);
        compressor(attention + "compressor.", config.headDim(), first);
        fill(parameters.get(attention + "compressor.norm.weight"), ENTRY_KEY);
        fill(parameters.get(attention + "attn_sink"), SINK);
        output(attention, width, first);

        String indexer = attention + "indexer.";
        query(parameters.get(indexer + "wq_b.weight"), config.indexHeads(), config.indexHeadDim(), first);
        compressor(indexer + "compressor.", config.indexHeadDim(), first);
        Parameter weights = parameters.get(indexer + "weights_proj.weight");
        for (int head = 0; head < weights.rows(); head++) {
            row(weights, head, 0);
        }
    }

    private int slotWidth(int headDim) {
        return Math.min((headDim - config.ropeDim()) / SLOTS, coordinates.grouped());
    }

    private int direction(int first, int k) {
        return 1 + (first + k) % coordinates.grouped();
    }

    /// Head h asks in the channels of slot h for what a shift makes of its input.
    private void query(Parameter query, int heads, int headDim, int first) {
        scale(query, REST);
        int width = slotWidth(headDim);
        for (int head = 0; head < heads; head++) {
            for (int k = 0; k < width; k++) {
                int from = coordinates.before(direction(first, k));
                if (from < query.cols()) {
                    int at = query.offset() + (head * headDim + head % SLOTS * width + k) * query.cols();
                    parameters.values()[at + from] = 1f;
                }
            }
        }
    }

    private void compressor(String prefix, int headDim, int first) {
        Parameter values = parameters.get(prefix + "wkv.weight");
        slots(values, 0, headDim, first);
        slots(values, headDim, headDim, first);
        scale(parameters.get(prefix + "wgate.weight"), REST);
        Parameter gates = parameters.get(prefix + "ape");
        int width = slotWidth(headDim);
        for (int token = 0; token < SLOTS; token++) {
            int at = gates.offset() + token * 2 * headDim;
            for (int k = 0; k < width * SLOTS; k++) {
                parameters.values()[at + k] = BLOCK_BEFORE;
                parameters.values()[at + headDim + k] = k / width == token ? OWN_SLOT : 0f;
            }
        }
    }

    /// The same directions for each slot.
    private void slots(Parameter matrix, int firstRow, int headDim, int first) {
        int width = slotWidth(headDim);
        for (int k = 0; k < width * SLOTS; k++) {
            row(matrix, firstRow + k, direction(first, k % width));
        }
    }

    /// What a head found in its slot goes where it came from.
    private void output(String attention, int width, int first) {
        Parameter gather = parameters.get(attention + "wo_a.weight");
        Parameter write = parameters.get(attention + "wo_b.weight");
        int heads = config.heads() / config.oGroups();
        for (int group = 0; group < config.oGroups(); group++) {
            for (int k = 0; k < Math.min(width, config.oLoraRank()); k++) {
                int row = group * config.oLoraRank() + k;
                int at = gather.offset() + row * gather.cols();
                for (int i = 0; i < gather.cols(); i++) {
                    parameters.values()[at + i] *= REST;
                }
                for (int head = 0; head < heads; head++) {
                    int slot = (group * heads + head) % SLOTS;
                    parameters.values()[at + head * config.headDim() + slot * width + k] = 1f;
                }
                coordinates.write(parameters.values(), write, row, direction(first, k), WRITE);
            }
        }
    }

    private void row(Parameter matrix, int row, int direction) {
        coordinates.read(parameters.values(), matrix, row, direction);
    }

    private void scale(Parameter p, float factor) {
        for (int i = p.offset(); i < p.offset() + p.size(); i++) {
            parameters.values()[i] *= factor;
        }
    }

    private void fill(Parameter p, float value) {
        for (int i = p.offset(); i < p.offset() + p.size(); i++) {
            parameters.values()[i] = value;
        }
    }
}
