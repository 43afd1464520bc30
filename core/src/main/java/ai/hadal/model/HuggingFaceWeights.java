package ai.hadal.model;

import ai.hadal.checkpoint.HuggingFaceCheckpoint;
import ai.hadal.error.HadalException;
import ai.hadal.tensor.Format;
import ai.hadal.tensor.Tensor;
import ai.hadal.tensor.Weight;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tensors of a Hugging Face checkpoint. The stored type decides how a weight is read: FP8 with a scale per 128x128
/// tile, bytes of packed FP4 pairs with a scale per row and 32 elements, or plain floating point.
///
/// Source: DeepSeek-V4 architecture, tensors on disk.
final class HuggingFaceWeights implements WeightSource {

    private static final int TILE = 128;
    private static final int FP4_GROUP = 32;

    /// Other names of the parts of a tensor's name, some of them leftovers of earlier models.
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("self_attn", "attn"),
            Map.entry("mlp", "ffn"),
            Map.entry("weight_scale_inv", "scale"),
            Map.entry("e_score_correction_bias", "bias"),
            Map.entry("embed_tokens", "embed"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("q_a_proj", "wq_a"),
            Map.entry("q_a_layernorm", "q_norm"),
            Map.entry("q_b_proj", "wq_b"),
            Map.entry("kv_a_layernorm", "kv_norm"),
            Map.entry("gate_proj", "w1"),
            Map.entry("down_proj", "w2"),
            Map.entry("up_proj", "w3"),
            Map.entry("lm_head", "head"));

    private final HuggingFaceCheckpoint checkpoint;
    private final Map<String, Tensor> aliased = new HashMap<>();

    HuggingFaceWeights(HuggingFaceCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        checkpoint.tensors().forEach((name, tensor) -> {
            String official = officialName(name);
            if (!official.equals(name)) {
                aliased.putIfAbsent(official, tensor);
            }
        });
    }

    /// Whether the checkpoint holds an MTP block.
    static boolean holdsMtp(HuggingFaceCheckpoint checkpoint) {
        return checkpoint.tensors().keySet().stream()
                .anyMatch(name -> officialName(name).startsWith("mtp."));
    }

    static String officialName(String name) {
        String[] parts = (name.startsWith("model.") ? name.substring("model.".length()) : name).split("\\.", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ALIASES.getOrDefault(parts[i], parts[i]);
        }
        return String.join(".", parts);
    }

    /// A tensor by its official name; the plain name goes before its aliases.
    private @Nullable Tensor get(String name) {
        Tensor plain = checkpoint.tensors().get(name);
        return plain != null ? plain : aliased.get(name);
    }

    @Override
    public @Nullable Stored find(String name) {
        Tensor tensor = get(name);
        if (tensor == null) {
            return null;
        }
        Tensor scale = get(scaleName(name));
        long bytes =
                tensor.data().byteSize() + (scale == null ? 0 : scale.data().byteSize());
        return new Stored(tensor, bytes);
    }

    @Override
    public Weight matrix(String name, int rows, int cols) {
        Tensor tensor = get(name);
        if (tensor == null) {
            throw missing(name);
        }
        return switch (tensor.format()) {
            case F32, F16, BF16 -> {
                checkShape(tensor, tensor.name(), rows, cols);
                yield weight(tensor, tensor.format(), rows, cols, null);
            }
            case F8_E4M3 -> {
                checkShape(tensor, tensor.name(), rows, cols);
                Tensor scale = scale(name, tensor, Math.ceilDiv(rows, TILE), Math.ceilDiv(cols, TILE));
                yield weight(tensor, Format.F8_E4M3, rows, cols, scale);
            }
            case I8, U8 -> {
                if (cols % FP4_GROUP != 0) {
                    throw wrong(name, "is packed FP4 of width " + cols + ", no whole groups of " + FP4_GROUP);
                }
                checkShape(tensor, tensor.name(), rows, cols / 2);
                yield weight(tensor, Format.F4_E2M1, rows, cols, scale(name, tensor, rows, cols / FP4_GROUP));
            }
            default -> throw wrong(name, "is stored as " + tensor.format() + ", which is no weight");
        };
    }

    private static Weight weight(Tensor tensor, Format format, int rows, int cols, @Nullable Tensor scale) {
        return new Weight(
                tensor.name(),
                format,
                rows,
                cols,
                format.bytes(cols),
                tensor.data(),
                scale == null ? null : scale.data());
    }

    private Tensor scale(String name, Tensor weight, int rows, int cols) {
        Tensor scale = get(scaleName(name));
        if (scale == null) {
            throw wrong(
                    name, "is stored as " + weight.format() + " but its scales " + scaleName(name) + " are missing");
        }
        // Some tools label the bytes of a UE8M0 scale as plain ones.
        if (scale.format() != Format.F8_E8M0 && scale.format() != Format.U8) {
            throw wrong(scaleName(name), "is stored as " + scale.format() + " where F8_E8M0 is needed");
        }
        checkShape(scale, scale.name(), rows, cols);
        return scale;
    }

    private static String scaleName(String name) {
        return name.endsWith(".weight")
                ? name.substring(0, name.length() - "weight".length()) + "scale"
                : name + ".scale";
    }

    private void checkShape(Tensor tensor, String name, int rows, int cols) {
        if (!Arrays.equals(tensor.shape(), new long[] {rows, cols})) {
            throw wrong(
                    name,
                    "has the shape " + Arrays.toString(tensor.shape()) + " where [" + rows + ", " + cols
                            + "] is needed");
        }
    }

    @Override
    public HadalException missing(String name) {
        return new HadalException(checkpoint.path() + " lacks the tensor " + name
                + "; download the checkpoint again or use its own config.json");
    }

    @Override
    public HadalException wrong(String name, String what) {
        Tensor tensor = get(name);
        String stored = tensor == null ? name : tensor.name();
        return new HadalException(checkpoint.fileOf(stored) + ": tensor " + stored + " " + what
                + "; download the checkpoint again or use its own config.json");
    }
}
