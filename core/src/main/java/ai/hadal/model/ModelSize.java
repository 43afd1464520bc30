package ai.hadal.model;

import ai.hadal.checkpoint.Checkpoint;
import ai.hadal.checkpoint.GgufCheckpoint;
import ai.hadal.tensor.Format;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How large a model is.
///
/// Source: DeepSeek-V4 architecture, sizes.
public final class ModelSize {

    private ModelSize() {}

    /// Numbers of learnt parameters; scales and hash tables are none.
    ///
    /// @param total of the main model, embedding and head included, without MTP
    /// @param active per token: everything but the routed experts that a token does not visit
    /// @param mtp of all MTP blocks
    /// @param byPart every part's share; the parts but [ModelPart#MTP] add up to `total`
    public record Parameters(long total, long active, long mtp, Map<ModelPart, Long> byPart) {}

    /// Bytes of a checkpoint that the model uses.
    ///
    /// @param total of both maps
    /// @param byPart every part's bytes, scales included
    /// @param byFormat every format's bytes; scales count to the format they scale
    public record Stored(long total, Map<ModelPart, Long> byPart, Map<Format, Long> byFormat) {}

    /// How an implementation may keep key-value entries. The compressed and the raw entries of a block are alike.
    ///
    /// @param entry bytes of a key-value entry
    /// @param indexEntry bytes of an indexer's key
    public record KvEntry(long entry, long indexEntry) {

        /// As Hadal keeps them.
        ///
        /// @param rounded whether the profile rounds entries; else they are floats
        public static KvEntry kept(ModelConfig config, boolean rounded) {
            return new KvEntry(
                    LayerState.entryLayout(config, rounded).bytes(),
                    LayerState.keyLayout(config, rounded).bytes());
        }

        /// bfloat16 throughout, as the reference keeps them.
        public static KvEntry bf16(ModelConfig config) {
            return new KvEntry(2L * config.headDim(), 2L * config.indexHeadDim());
        }
    }

    /// The number of parameters of a configuration.
    public static Parameters parameters(ModelConfig config) {
        Map<ModelPart, Long> byPart = zeros();
        long[] sums = new long[3];
        TensorPlan.visit(config, planned -> {
            if (!planned.parameters()) {
                return;
            }
            long n = planned.elements();
            byPart.merge(planned.part(), n, Long::sum);
            if (planned.part() == ModelPart.MTP) {
                sums[2] += n;
            } else {
                sums[0] += n;
                sums[1] += planned.routed() ? 0 : n;
            }
        });
        long routed = sums[0] - sums[1];
        long active = sums[1] + routed / config.experts() * config.expertsPerToken();
        return new Parameters(sums[0], active, sums[2], Collections.unmodifiableMap(byPart));
    }

    /// What a checkpoint's tensors take in its files.
    public static Stored stored(Checkpoint checkpoint, ModelConfig config) {
        return stored(checkpoint, null, config);
    }

    /// As [#stored(Checkpoint, ModelConfig)], with MTP blocks from a GGUF file of their own.
    public static Stored stored(Checkpoint checkpoint, @Nullable GgufCheckpoint mtpFile, ModelConfig config) {
        WeightSource source = ModelWeightsLoader.source(checkpoint, mtpFile, config);
        Map<ModelPart, Long> byPart = zeros();
        Map<Format, Long> byFormat = new EnumMap<>(Format.class);
        TensorPlan.visit(config, planned -> {
            WeightSource.Stored stored = source.find(planned.name());
            if (stored == null) {
                throw source.missing(planned.name());
            }
            Format format = stored.tensor().format();
            boolean packed = format == Format.I8 || format == Format.U8;
            byPart.merge(planned.part(), stored.bytes(), Long::sum);
            byFormat.merge(packed ? Format.F4_E2M1 : format, stored.bytes(), Long::sum);
        });
        long total = byFormat.values().stream().mapToLong(Long::longValue).sum();
        return new Stored(total, Collections.unmodifiableMap(byPart), Collections.unmodifiableMap(byFormat));
    }

    /// Bytes by which the caches of the main blocks grow with a sequence, per token in the long run. The raw window
    /// and the compressors' states, which do not grow, are not counted.
    public static double kvBytesPerToken(ModelConfig config, KvEntry entry) {
        double bytes = 0;
        for (int l = 0; l < config.layers(); l++) {
            int ratio = config.compressRatios()[l];
            if (ratio != 0) {
                bytes += (double) entry.entry() / ratio;
            }
            if (ratio == 4) {
                bytes += (double) entry.indexEntry() / ratio;
            }
        }
        return bytes;
    }

    private static Map<ModelPart, Long> zeros() {
        Map<ModelPart, Long> zeros = new EnumMap<>(ModelPart.class);
        for (ModelPart part : ModelPart.values()) {
            zeros.put(part, 0L);
        }
        return zeros;
    }
}
