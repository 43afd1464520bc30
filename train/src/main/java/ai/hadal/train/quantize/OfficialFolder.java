package ai.hadal.train.quantize;

import ai.hadal.checkpoint.SafetensorsWriter;
import ai.hadal.checkpoint.SafetensorsWriter.Entry;
import ai.hadal.model.OfficialFormat;
import ai.hadal.model.TensorPlan.Planned;
import ai.hadal.tensor.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// The weights of a folder in the official layout: one safetensors file, or shards and their index.
///
/// Source: DeepSeek-V4 architecture, tensors on disk.
public final class OfficialFolder {

    private static final int FP4_GROUP = 32;

    /// A tensor, its scales if it has any, and their sum.
    private record Item(Planned planned, Format format, List<Entry> entries) {

        static Item of(Planned planned) {
            var format = OfficialFormat.of(planned);
            List<Entry> entries = new ArrayList<>();
            long[] shape = new long[planned.shape().length];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = planned.shape()[i];
            }
            entries.add(new Entry(planned.name(), format, shape));
            if (format == Format.F8_E4M3 || format == Format.F4_E2M1) {
                boolean tiles = format == Format.F8_E4M3;
                String name = planned.name().substring(0, planned.name().length() - "weight".length()) + "scale";
                long rows = tiles ? Math.ceilDiv(shape[0], Recoder.TILE) : shape[0];
                long cols = Math.ceilDiv(shape[1], tiles ? Recoder.TILE : FP4_GROUP);
                entries.add(new Entry(name, Format.F8_E8M0, rows, cols));
            }
            return new Item(planned, format, entries);
        }

        long bytes() {
            return entries.stream().mapToLong(Entry::bytes).sum();
        }
    }

    /// Files of the official checkpoint have about this size.
    public static final long SHARD_BYTES = 5_000_000_000L;

    private final List<List<Item>> shards = new ArrayList<>();
    private final long bytes;

    /// @param plan all tensors of the model
    /// @param shardBytes the most that a file of several tensors holds
    public OfficialFolder(List<Planned> plan, long shardBytes) {
        long sum = 0;
        long inShard = 0;
        for (var planned : plan) {
            var item = Item.of(planned);
            long size = item.bytes();
            if (shards.isEmpty() || inShard + size > shardBytes) {
                shards.add(new ArrayList<>());
                inShard = 0;
            }
            shards.getLast().add(item);
            inShard += size;
            sum += size;
        }
        // Wide numbers first, as in official files: so every tensor lies at a multiple of its numbers' size.
        shards.forEach(shard ->
                shard.sort(Comparator.comparingInt(item -> -item.format().blockBytes())));
        this.bytes = sum;
    }

    /// Bytes of all tensors.
    public long bytes() {
        return bytes;
    }

    /// Writes the files.
    public void write(Path folder, TensorBytes tensors) throws IOException {
        var root = JsonMapper.shared().createObjectNode();
        root.putObject("metadata").put("total_size", bytes);
        var map = root.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            var shard = shards.get(i);
            String name = shards.size() == 1
                    ? "model.safetensors"
                    : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            write(folder.resolve(name), shard, tensors);
            shard.forEach(item -> item.entries().forEach(entry -> map.put(entry.name(), name)));
        }
        if (shards.size() > 1) {
            String text = root.toPrettyString() + "\n";
            Files.writeString(folder.resolve("model.safetensors.index.json"), text);
        }
    }

    private static void write(Path file, List<Item> shard, TensorBytes tensors) {
        var entries = shard.stream().flatMap(item -> item.entries().stream()).toList();
        try (var writer = SafetensorsWriter.create(file, entries)) {
            for (var item : shard) {
                byte[] scales = tensors.write(List.of(item.planned()), item.format(), writer::write);
                if (item.entries().size() > 1) {
                    tensors.writeScales(scales, writer::write);
                }
            }
            writer.commit();
        }
    }
}
