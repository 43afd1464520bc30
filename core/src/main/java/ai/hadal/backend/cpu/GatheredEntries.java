package ai.hadal.backend.cpu;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Entries;
import ai.hadal.backend.host.HostActivations;
import ai.hadal.backend.host.HostEntries;
import ai.hadal.backend.host.HostRing;
import ai.hadal.backend.host.HostSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What rows attend to, as floats in one array: compressed entries and the rows of the window. Rows are taken in groups
/// whose entries fit a fixed room, and each entry is decoded once for all rows of a part.
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
    /// @param base where they begin in the room, in entries; the window's rows follow them
    /// @param oldest position of the first of the window's rows
    record Part(
            AttentionSpan span,
            int from,
            int rows,
            int count,
            int @Nullable [] indices,
            int @Nullable [] places,
            int base,
            long oldest) {

        /// Entries and rows of the window.
        int size() {
            return count + (int) (span.position() + from + rows - oldest);
        }

        /// Where in the room, in entries, the s-th compressed entry lies that a row attends to.
        int place(int row, int s, @Nullable HostSelection selection) {
            return base + (places == null || selection == null ? s : places[selection.index(row, s)]);
        }

        /// Where the window's row of a position lies.
        int windowPlace(long position) {
            return base + count + (int) (position - oldest);
        }

        Part at(int base) {
            return new Part(span, from, rows, count, indices, places, base, oldest);
        }
    }

    private final Team team;
    private float[] data = {};
    private int width;

    GatheredEntries(Team team) {
        this.team = team;
    }

    /// Floats of an entry.
    int width() {
        return width;
    }

    /// The entries, one behind the other.
    float[] data() {
        return data;
    }

    /// Calls `work` with the parts of all rows, group by group; [#data] holds what a group attends to meanwhile.
    ///
    /// @param kv the step's key-value rows
    /// @param selection null: all visible entries
    void forEachGroup(
            HostActivations kv,
            int window,
            int ratio,
            @Nullable HostSelection selection,
            List<AttentionSpan> spans,
            Consumer<List<Part>> work) {
        width = kv.cols();
        List<Part> group = new ArrayList<>(spans.size());
        int used = 0;
        for (var span : spans) {
            int step = rowsOfPart(span, ratio, selection);
            for (int from = 0; from < span.rows(); from += step) {
                var part = part(span, from, Math.min(step, span.rows() - from), window, ratio, selection);
                if (used > 0 && used + part.size() > Entries.GATHERED) {
                    gather(group, used, kv);
                    work.accept(group);
                    group.clear();
                    used = 0;
                }
                group.add(part.at(used));
                used += part.size();
            }
        }
        gather(group, used, kv);
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
            AttentionSpan span, int from, int rows, int window, int ratio, @Nullable HostSelection selection) {
        int visible = visible(span, from + rows, ratio);
        long oldest = Math.max(0, span.position() + from - window + 1);
        if (selection == null || visible == 0) {
            return new Part(span, from, rows, visible, null, null, 0, oldest);
        }
        int first = span.row() + from;
        if (rows == 1) {
            int[] indices = new int[selection.count(first)];
            for (int s = 0; s < indices.length; s++) {
                indices[s] = selection.index(first, s);
            }
            return new Part(span, from, rows, indices.length, indices, null, 0, oldest);
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
        return new Part(span, from, rows, count, indices, places, 0, oldest);
    }

    private void gather(List<Part> parts, int size, HostActivations kv) {
        if (data.length < size * width) {
            data = new float[Math.multiplyExact(size + size / 4, width)];
        }
        team.run(Math.ceilDiv(size, BLOCK), (long) BLOCK * width, (task, scratch) -> {
            int end = Math.min(size, (task + 1) * BLOCK);
            int part = 0;
            for (int place = task * BLOCK; place < end; place++) {
                while (place >= parts.get(part).base + parts.get(part).size()) {
                    part++;
                }
                gather(parts.get(part), place, kv);
            }
        });
    }

    private void gather(Part part, int place, HostActivations kv) {
        int s = place - part.base;
        var span = part.span;
        if (s < part.count) {
            int index = part.indices == null ? s : part.indices[s];
            var entries = HostEntries.of(Objects.requireNonNull(span.compressed()));
            EntryDecoder.decode(entries, index, data, place * width);
            return;
        }
        long position = part.oldest + s - part.count;
        if (position < span.position()) {
            var ring = HostRing.of(span.window());
            System.arraycopy(ring.data(), ring.offset(position), data, place * width, width);
        } else {
            int row = span.row() + (int) (position - span.position());
            System.arraycopy(kv.data(), row * width, data, place * width, width);
        }
    }
}
