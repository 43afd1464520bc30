package ai.hadal.cli;

import ai.hadal.engine.MemoryPlan;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.Numerics;
import ai.hadal.model.SequenceSize;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An inspection for programs. Sizes are bytes, what is unknown is left out.
final class InspectJson {

    private InspectJson() {}

    static ObjectNode of(Inspection inspection, Machine machine, MemoryFit fit, boolean tensors) {
        var root = JsonNodeFactory.instance.objectNode();
        root.put("path", inspection.path().toString());
        root.put("ok", !inspection.isBroken());
        root.put("values_checked", inspection.valuesChecked());
        var problems = root.putArray("problems");
        inspection.problems().forEach(problems::add);
        if (inspection.container() != null) {
            root.put("container", inspection.container());
            root.put("tensors", inspection.tensors().size());
            root.put("bytes", inspection.fileBytes());
        }
        var config = inspection.config();
        if (config != null) {
            putConfig(root.putObject("config"), config);
        }
        var parameters = inspection.parameters();
        if (parameters != null) {
            var node = root.putObject("parameters")
                    .put("total", parameters.total())
                    .put("active", parameters.active())
                    .put("mtp", parameters.mtp());
            var parts = node.putObject("by_part");
            parameters.byPart().forEach((part, n) -> parts.put(part.label(), n));
        }
        var formats = root.putObject("bytes_by_format");
        inspection.bytesByFormat().forEach(formats::put);
        var stored = inspection.stored();
        if (config != null && stored != null) {
            var parts = root.putObject("bytes_by_part");
            stored.byPart().forEach((part, n) -> parts.put(part.label(), n));
            root.put(
                    "active_weight_bytes_per_token",
                    TokenCost.of(config, stored).bytes());
        }
        var tokenizer = inspection.tokenizer();
        if (tokenizer != null) {
            root.putObject("tokenizer")
                    .put("tokens", tokenizer.tokens())
                    .put("bos_id", tokenizer.bos())
                    .put("eos_id", tokenizer.eos());
        }
        if (config != null) {
            root.put("kv_bytes_per_token", SequenceSize.bytesPerToken(config, Numerics.F32));
        }
        putPlans(root.putArray("memory"), fit.plans());
        if (fit.longest() != null) {
            root.put("longest_context", fit.longest().context());
        }
        root.putObject("machine")
                .put("processor", machine.processor())
                .put("processors", machine.processors())
                .put("memory_bytes", machine.memoryBytes())
                .put("heap_bytes", machine.heapBytes());
        if (tensors) {
            putTensors(root.putArray("tensor_list"), inspection);
        }
        return root;
    }

    private static void putConfig(ObjectNode node, ModelConfig c) {
        node.put("hidden_size", c.hiddenSize()).put("layers", c.layers()).put("mtp_layers", c.mtpLayers());
        var ratios = node.putArray("compress_ratios");
        Arrays.stream(c.compressRatios()).forEach(ratios::add);
        node.put("hash_layers", c.hashLayers())
                .put("heads", c.heads())
                .put("head_dim", c.headDim())
                .put("sliding_window", c.slidingWindow())
                .put("index_heads", c.indexHeads())
                .put("index_head_dim", c.indexHeadDim())
                .put("index_top_k", c.indexTopK())
                .put("experts", c.experts())
                .put("experts_per_token", c.expertsPerToken())
                .put("expert_width", c.expertWidth())
                .put("hc_mult", c.hcMult())
                .put("vocab_size", c.vocabSize())
                .put("max_positions", c.maxPositions())
                .put("bos_id", c.bosId())
                .put("eos_id", c.eosId());
    }

    private static void putPlans(ArrayNode array, List<MemoryPlan> plans) {
        for (var plan : plans) {
            array.addObject()
                    .put("context", plan.context())
                    .put("window_bytes", plan.fixedBytes())
                    .put("entry_bytes", plan.entryBytes())
                    .put("step_bytes", plan.stepBytes())
                    .put("total_bytes", plan.totalBytes())
                    .put("fits", plan.fits());
        }
    }

    private static void putTensors(ArrayNode array, Inspection inspection) {
        for (var tensor : inspection.tensors()) {
            var node = array.addObject().put("name", tensor.name()).put("format", tensor.format());
            if (tensor.bytes() >= 0) {
                var shape = node.putArray("shape");
                tensor.shape().forEach(shape::add);
                node.put("bytes", tensor.bytes());
            }
        }
    }
}
