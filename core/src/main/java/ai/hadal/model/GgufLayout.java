package ai.hadal.model;

import ai.hadal.checkpoint.GgufPairs;
import ai.hadal.model.TensorPlan.Planned;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a GGUF file of the architecture `deepseek4` consists of: the reverse of [GgufConfig] and [GgufWeights]. MTP
/// blocks are the blocks after the main ones.
///
/// Source: GGUF facts for `deepseek4`, metadata keys and tensors.
public final class GgufLayout {

    private static final int SQRT_SOFTPLUS = 4;

    /// How the official tensors make up one of the file.
    public enum Join {
        /// There is one only.
        WHOLE,
        /// One after another, as a new outermost dimension.
        STACKED,
        /// Row by row, so that rows become longer.
        SIDE_BY_SIDE
    }

    /// A tensor of the file.
    ///
    /// @param parts the official tensors in it, all of one shape
    public record FileTensor(String name, Join join, List<Planned> parts) {

        /// Outermost dimension first.
        public long[] shape() {
            long[] part = Arrays.stream(parts.getFirst().shape()).asLongStream().toArray();
            return switch (join) {
                case WHOLE -> part;
                case STACKED -> new long[] {parts.size(), part[0], part[1]};
                case SIDE_BY_SIDE -> new long[] {part[0], part[1] * parts.size()};
            };
        }
    }

    private GgufLayout() {}

    /// The file's tensors in their order: those of the whole model first, then block by block. The hyper-connections
    /// of MTP heads are left out, as the format has them share the main model's.
    public static List<FileTensor> tensors(ModelConfig config) {
        Map<String, List<Planned>> parts = new LinkedHashMap<>();
        Map<String, Join> joins = new LinkedHashMap<>();
        var plan = new ArrayList<>(TensorPlan.of(config));
        plan.sort((a, b) -> Boolean.compare(isInBlock(a), isInBlock(b)));
        for (var planned : plan) {
            var place = GgufNames.written(planned.name(), config.layers());
            if (place != null) {
                Join join = place.expert() >= 0 ? Join.STACKED : place.half() >= 0 ? Join.SIDE_BY_SIDE : Join.WHOLE;
                joins.put(place.file(), join);
                parts.computeIfAbsent(place.file(), _ -> new ArrayList<>()).add(planned);
            }
        }
        List<FileTensor> tensors = new ArrayList<>();
        joins.forEach((name, join) -> tensors.add(new FileTensor(name, join, List.copyOf(parts.get(name)))));
        return List.copyOf(tensors);
    }

    private static boolean isInBlock(Planned planned) {
        return planned.name().startsWith("layers.") || planned.name().startsWith("mtp.");
    }

    /// Adds the metadata of a configuration.
    public static void describe(ModelConfig config, GgufPairs pairs) {
        pairs.string("general.architecture", "deepseek4");
        integer(pairs, ConfigField.LAYERS, config.layers() + config.mtpLayers());
        if (config.mtpLayers() > 0) {
            integer(pairs, ConfigField.MTP_LAYERS, config.mtpLayers());
        }
        integer(pairs, ConfigField.MAX_POSITIONS, config.maxPositions());
        integer(pairs, ConfigField.HIDDEN_SIZE, config.hiddenSize());
        integer(pairs, ConfigField.VOCAB_SIZE, config.vocabSize());
        number(pairs, ConfigField.RMS_NORM_EPS, config.rmsNormEps());
        attention(config, pairs);
        rope(config, pairs);
        experts(config, pairs);
        integer(pairs, ConfigField.HC_MULT, config.hcMult());
        integer(pairs, ConfigField.SINKHORN_ITERATIONS, config.sinkhornIterations());
        number(pairs, ConfigField.HC_EPS, config.hcEps());
    }

    private static void attention(ModelConfig config, GgufPairs pairs) {
        integer(pairs, ConfigField.HEADS, config.heads());
        integer(pairs, ConfigField.KV_HEADS, 1);
        integer(pairs, ConfigField.HEAD_DIM, config.headDim());
        integer(pairs, ConfigField.VALUE_DIM, config.headDim());
        integer(pairs, ConfigField.Q_LORA_RANK, config.qLoraRank());
        integer(pairs, ConfigField.SLIDING_WINDOW, config.slidingWindow());
        integer(pairs, ConfigField.O_GROUPS, config.oGroups());
        integer(pairs, ConfigField.O_LORA_RANK, config.oLoraRank());
        pairs.i32s(ConfigField.COMPRESS_RATIOS.gguf(), config.compressRatios());
        integer(pairs, ConfigField.INDEX_HEADS, config.indexHeads());
        integer(pairs, ConfigField.INDEX_HEAD_DIM, config.indexHeadDim());
        integer(pairs, ConfigField.INDEX_TOP_K, config.indexTopK());
    }

    private static void rope(ModelConfig config, GgufPairs pairs) {
        integer(pairs, ConfigField.ROPE_DIM, config.ropeDim());
        number(pairs, ConfigField.ROPE_THETA, config.ropeTheta());
        number(pairs, ConfigField.COMPRESS_ROPE_THETA, config.compressRopeTheta());
        var yarn = config.yarn();
        if (yarn.factor() != 1) {
            pairs.string("deepseek4.rope.scaling.type", "yarn");
            number(pairs, ConfigField.YARN_FACTOR, yarn.factor());
            integer(pairs, ConfigField.YARN_ORIGINAL_POSITIONS, yarn.originalMaxPositions());
            number(pairs, ConfigField.YARN_BETA_FAST, yarn.betaFast());
            number(pairs, ConfigField.YARN_BETA_SLOW, yarn.betaSlow());
        }
    }

    private static void experts(ModelConfig config, GgufPairs pairs) {
        integer(pairs, ConfigField.EXPERTS, config.experts());
        integer(pairs, ConfigField.EXPERTS_PER_TOKEN, config.expertsPerToken());
        integer(pairs, ConfigField.SHARED_EXPERTS, 1);
        integer(pairs, ConfigField.EXPERT_WIDTH, config.expertWidth());
        pairs.u32("deepseek4.expert_gating_func", SQRT_SOFTPLUS);
        number(pairs, ConfigField.ROUTED_SCALE, config.routedScale());
        pairs.bool("deepseek4.expert_weights_norm", true);
        pairs.f32s(ConfigField.SWIGLU_LIMIT.gguf(), config.swigluLimits());
        pairs.f32s(ConfigField.SHARED_SWIGLU_LIMIT.gguf(), config.sharedSwigluLimits());
        integer(pairs, ConfigField.HASH_LAYERS, config.hashLayers());
    }

    private static void integer(GgufPairs pairs, ConfigField field, int value) {
        pairs.u32(field.gguf(), value);
    }

    private static void number(GgufPairs pairs, ConfigField field, double value) {
        pairs.f32(field.gguf(), (float) value);
    }
}
