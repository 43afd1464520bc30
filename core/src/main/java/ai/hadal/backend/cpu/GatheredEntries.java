package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Entries;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.host.HostSelection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Compressed entries as floats for the rows that attend to them. Rows are taken in groups whose entries fit a fixed
/// room, and each entry is decoded once for all rows of a part.
final class GatheredEntries {

    /// Entries decoded in one task.
    private static final int BLOCK = 32;

    /// Neighbouring rows of one sequence and the entries that they attend to.
    ///
    /// @param span where the rows are
    /// @param from the first of its rows
    /// @param count how many entries
    /// @param indices their indices in ascending order; null: 0 to `count - 1`
    /// @param places by index, where an entry lies among them; null: entries lie as the one row selects them
    /// @param base where they begin in the room, in entries
    record Part(
            AttentionSpan span,
            int from,
            int rows,
            int count,
            int @Nullable [] indices,
            int @Nullable [] places,
            int base) {}

    private final Team team;
    private float[] data = {};

    GatheredEntries(Team team) {
        this.team = team;
    }

    /// The decoded entries, one behind the other.
    float[] data() {
        return data;
    }

    /// Calls `work` with the parts of all rows, group by group; [#data] holds the group's entries meanwhile.
    ///
    /// @param selection null: all visible entries
    void forEachGroup(
            List<AttentionSpan> spans, int ratio, @Nullable HostSelection selection, Consumer<List<Part>> work) {
        List<Part> group = new ArrayList<>(spans.size());
        int used = 0;
        for (var span : spans) {
            int step = rowsOfPart(span, ratio, selection);
            for (int from = 0; from < span.rows(); from += step) {
                var part = part(span, from, Math.min(step, span.rows() - from), ratio, selection, used);
                if (used > 0 && used + part.count > Entries.GATHERED) {
                    decode(group, used);
                    work.accept(group);
                    group.clear();
                    used = 0;
                    part = new Part(span, from, part.rows, part.count, part.indices, part.places, 0);
                }
                group.add(part);
                used += part.count;
            }
        }
        decode(group, used);
        work.accept(group);
    }

    private static int visible(AttentionSpan span, int end, int ratio) {
        return span.compressed() == null ? 0 : (int) ((span.position() + end) / ratio);
    }

    private static int rowsOfPart(AttentionSpan span, int ratio, @Nullable HostSelection selection) {
        if (selection == null || visible(span, span.rows(), ratio) <= Entries.GATHERED) {
            return span.rows();
        }
        return Math.max(1, Entries.GATHERED / selection.topK());
    }

    private static Part part(
            AttentionSpan span, int from, int rows, int ratio, @Nullable HostSelection selection, int base) {
        int visible = visible(span, from + rows, ratio);
        if (selection == null || visible == 0) {
            return new Part(span, from, rows, visible, null, null, base);
        }
        int first = span.row() + from;
        if (rows == 1) {
            int[] indices = new int[selection.count(first)];
            for (int s = 0; s < indices.length; s++) {
                indices[s] = selection.index(first, s);
            }
            return new Part(span, from, rows, indices.length, indices, null, base);
        }
        int[] places = new int[visible];
        for (int row = first; row < first + rows; row++) {
            for (int s = 0; s < selection.count(row); s++) {
                places[selection.index(row, s)] = 1;
            }
        }
        int[] indices = new int[visible];
        int count = 0;
        for (int e = 0; e < visible; e++) {
            if (places[e] == 1) {
                places[e] = count;
                indices[count++] = e;
            }
        }
        return new Part(span, from, rows, count, Arrays.copyOf(indices, count), places, base);
    }

    private void decode(List<Part> parts, int count) {
        if (count == 0) {
            return;
        }
        int width = parts.getFirst().span.window().width();
        if (data.length < count * width) {
            data = new float[Math.multiplyExact(count + count / 4, width)];
        }
        team.run(Math.ceilDiv(count, BLOCK), (long) BLOCK * width, (task, scratch) -> {
            int end = Math.min(count, (task + 1) * BLOCK);
            int part = 0;
            for (int slot = task * BLOCK; slot < end; slot++) {
                while (slot >= parts.get(part).base + parts.get(part).count) {
                    part++;
                }
                decode(parts.get(part), slot, width);
            }
        });
    }

    private void decode(Part part, int slot, int width) {
        int s = slot - part.base;
        int index = part.indices == null ? s : part.indices[s];
        var entries = HostEntries.of(Objects.requireNonNull(part.span.compressed()));
        EntryDecoder.decode(entries, index, data, slot * width);
    }

    /// Where in [#data], in entries, the s-th entry lies that a row of the part attends to.
    static int place(Part part, int row, int s, @Nullable HostSelection selection) {
        if (part.places == null || selection == null) {
            return part.base + s;
        }
        return part.base + part.places[selection.index(row, s)];
    }
}
