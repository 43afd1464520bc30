package ai.hadal.model;

import ai.hadal.checkpoint.GgufCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Official tensor names to those of GGUF files.
///
/// Source: GGUF facts for `deepseek4`, tensors. MTP blocks have two layouts: as the blocks after the main ones, with
/// extra tensors `nextn.*` (one `eh_proj` of both projections side by side), or as `mtp.J.*`.
final class GgufNames {

    private static final Map<String, String> ROOT = Map.of(
            "embed.weight", "token_embd.weight",
            "head.weight", "output.weight",
            "norm.weight", "output_norm.weight",
            "hc_head_fn", "output_hc_fn.weight",
            "hc_head_base", "output_hc_base.weight",
            "hc_head_scale", "output_hc_scale.weight");

    private static final Map<String, String> BLOCK = Map.ofEntries(
            Map.entry("attn_norm.weight", "attn_norm.weight"),
            Map.entry("ffn_norm.weight", "ffn_norm.weight"),
            Map.entry("attn.attn_sink", "attn_sinks.weight"),
            Map.entry("attn.wq_a.weight", "attn_q_a.weight"),
            Map.entry("attn.q_norm.weight", "attn_q_a_norm.weight"),
            Map.entry("attn.wq_b.weight", "attn_q_b.weight"),
            Map.entry("attn.wkv.weight", "attn_kv.weight"),
            Map.entry("attn.kv_norm.weight", "attn_kv_a_norm.weight"),
            Map.entry("attn.wo_a.weight", "attn_output_a.weight"),
            Map.entry("attn.wo_b.weight", "attn_output_b.weight"),
            Map.entry("attn.compressor.wkv.weight", "attn_compressor_kv.weight"),
            Map.entry("attn.compressor.wgate.weight", "attn_compressor_gate.weight"),
            Map.entry("attn.compressor.ape", "attn_compressor_ape.weight"),
            Map.entry("attn.compressor.norm.weight", "attn_compressor_norm.weight"),
            Map.entry("attn.indexer.weights_proj.weight", "indexer.proj.weight"),
            Map.entry("attn.indexer.wq_b.weight", "indexer.attn_q_b.weight"),
            Map.entry("attn.indexer.compressor.wkv.weight", "indexer_compressor_kv.weight"),
            Map.entry("attn.indexer.compressor.wgate.weight", "indexer_compressor_gate.weight"),
            Map.entry("attn.indexer.compressor.ape", "indexer_compressor_ape.weight"),
            Map.entry("attn.indexer.compressor.norm.weight", "indexer_compressor_norm.weight"),
            Map.entry("hc_attn_fn", "hc_attn_fn.weight"),
            Map.entry("hc_attn_base", "hc_attn_base.weight"),
            Map.entry("hc_attn_scale", "hc_attn_scale.weight"),
            Map.entry("hc_ffn_fn", "hc_ffn_fn.weight"),
            Map.entry("hc_ffn_base", "hc_ffn_base.weight"),
            Map.entry("hc_ffn_scale", "hc_ffn_scale.weight"),
            Map.entry("ffn.gate.weight", "ffn_gate_inp.weight"),
            Map.entry("ffn.gate.bias", "exp_probs_b.bias"),
            Map.entry("ffn.gate.tid2eid", "ffn_gate_tid2eid.weight"),
            Map.entry("ffn.shared_experts.w1.weight", "ffn_gate_shexp.weight"),
            Map.entry("ffn.shared_experts.w2.weight", "ffn_down_shexp.weight"),
            Map.entry("ffn.shared_experts.w3.weight", "ffn_up_shexp.weight"));

    private static final Map<String, String> EXPERTS = Map.of(
            "w1.weight", "ffn_gate_exps.weight",
            "w2.weight", "ffn_down_exps.weight",
            "w3.weight", "ffn_up_exps.weight");

    /// Where a file may keep a tensor.
    ///
    /// @param file name of the tensor there
    /// @param expert slice of a tensor that stacks all experts, -1 for a tensor of its own
    /// @param half of the columns, 0 or 1, or -1 for all
    record Place(String file, int expert, int half) {

        static Place whole(String file) {
            return new Place(file, -1, -1);
        }
    }

    private GgufNames() {}

    /// The name of the side-by-side MTP projections of a block.
    static String ehProj(int block) {
        return "blk." + block + ".nextn.eh_proj.weight";
    }

    /// Whether a tensor belongs to the model as a whole, not to a block.
    static boolean isRoot(String file) {
        return ROOT.containsValue(file);
    }

    static boolean holds(GgufCheckpoint file, String tensor) {
        return file.tensors().containsKey(tensor) || file.unsupported().containsKey(tensor);
    }

    /// MTP blocks that a file keeps beside the main blocks, in either layout.
    static int separateMtpBlocks(GgufCheckpoint file, int layers) {
        int blocks = 0;
        while (holds(file, "mtp." + blocks + ".e_proj.weight") || holds(file, ehProj(layers + blocks))) {
            blocks++;
        }
        return blocks;
    }

    /// The places to look for a tensor, best first.
    ///
    /// @param name the official name
    /// @param layers main blocks, after which MTP blocks are counted on
    static List<Place> places(String name, int layers) {
        String root = ROOT.get(name);
        if (root != null) {
            return List.of(Place.whole(root));
        }
        String[] parts = name.split("\\.", 3);
        if (parts.length < 3) {
            return List.of();
        }
        int block = Integer.parseInt(parts[1]);
        if (parts[0].equals("layers")) {
            Place place = inBlock("blk." + block + ".", parts[2]);
            return place == null ? List.of() : List.of(place);
        }
        return mtpPlaces(block, layers, parts[2]);
    }

    /// Where a file that keeps MTP blocks after the main ones has a tensor, or null where such a file has no room for
    /// it: its MTP blocks share the main model's head hyper-connection.
    static @Nullable Place written(String name, int layers) {
        return places(name, layers).stream()
                .filter(place -> !place.file().startsWith("mtp."))
                .filter(place -> !name.startsWith("mtp.") || !isRoot(place.file()))
                .findFirst()
                .orElse(null);
    }

    private static List<Place> mtpPlaces(int j, int layers, String rest) {
        String own = "mtp." + j + ".";
        String blk = "blk." + (layers + j) + ".";
        List<Place> places = new ArrayList<>();
        switch (rest) {
            case "e_proj.weight" -> {
                places.add(Place.whole(own + rest));
                places.add(new Place(ehProj(layers + j), -1, 0));
            }
            case "h_proj.weight" -> {
                places.add(Place.whole(own + rest));
                places.add(new Place(ehProj(layers + j), -1, 1));
            }
            case "enorm.weight", "hnorm.weight" -> {
                places.add(Place.whole(own + rest));
                places.add(Place.whole(blk + "nextn." + rest));
            }
            case "norm.weight" -> {
                places.add(Place.whole(own + rest));
                places.add(Place.whole(blk + "nextn.shared_head_norm.weight"));
                places.add(Place.whole("output_norm.weight"));
            }
            case "hc_head_fn", "hc_head_base", "hc_head_scale" -> {
                places.add(Place.whole(own + rest + ".weight"));
                places.add(Place.whole(own + rest));
                places.add(Place.whole("output_" + rest.replace("hc_head_", "hc_") + ".weight"));
            }
            default -> {
                for (String prefix : List.of(own, blk)) {
                    Place place = inBlock(prefix, rest);
                    if (place != null) {
                        places.add(place);
                    }
                }
            }
        }
        return places;
    }

    private static @Nullable Place inBlock(String prefix, String rest) {
        String plain = BLOCK.get(rest);
        if (plain != null) {
            return Place.whole(prefix + plain);
        }
        String[] parts = rest.split("\\.", 4);
        if (parts.length == 4 && parts[1].equals("experts")) {
            String stacked = EXPERTS.get(parts[3]);
            return stacked == null ? null : new Place(prefix + stacked, Integer.parseInt(parts[2]), -1);
        }
        return null;
    }
}
