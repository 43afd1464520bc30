package ai.hadal.train.model;

import ai.hadal.backend.AttentionSpan;
import ai.hadal.backend.Backend;
import ai.hadal.backend.CompressorSpan;
import ai.hadal.backend.Entries;
import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.Ring;
import ai.hadal.backend.RopeAngles;
import ai.hadal.backend.RopeTable;
import ai.hadal.model.ModelConfig;
import ai.hadal.train.data.Document;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of a pack: its documents one after the other, each a sequence of its own from position 0, so that
/// nothing of one is seen by another.
final class Rows {

    final int count;
    final int[] ids;
    final int[] starts;
    final int[] lengths;
    final RopeAngles plainRope;
    final RopeAngles compressRope;

    private Rows(int[] ids, int[] starts, int[] lengths, RopeAngles plainRope, RopeAngles compressRope) {
        this.count = ids.length;
        this.ids = ids;
        this.starts = starts;
        this.lengths = lengths;
        this.plainRope = plainRope;
        this.compressRope = compressRope;
    }

    /// All tokens of the documents.
    static Rows of(List<Document> documents, ModelConfig config) {
        return of(documents, config, 0);
    }

    /// The tokens of the documents without the first `skip` of each: an MTP block joins them to the rows before.
    static Rows of(List<Document> documents, ModelConfig config, int skip) {
        int n = documents.size();
        int[] starts = new int[n];
        int[] lengths = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            starts[i] = count;
            lengths[i] = Math.max(0, documents.get(i).length() - skip);
            count += lengths[i];
        }
        int[] ids = new int[count];
        long[] positions = new long[count];
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < lengths[i]; p++) {
                ids[starts[i] + p] = documents.get(i).ids()[p + skip];
                positions[starts[i] + p] = p;
            }
        }
        var yarn = config.yarn();
        var plain = new RopeAngles(RopeTable.plain(config.ropeTheta(), config.ropeDim()));
        var compress = new RopeAngles(RopeTable.yarn(
                config.compressRopeTheta(),
                config.ropeDim(),
                yarn.factor(),
                yarn.originalMaxPositions(),
                yarn.betaFast(),
                yarn.betaSlow()));
        plain.fill(positions, count);
        compress.fill(positions, count);
        return new Rows(ids, starts, lengths, plain, compress);
    }

    int documents() {
        return starts.length;
    }

    RopeAngles rope(int ratio) {
        return ratio == 0 ? plainRope : compressRope;
    }

    /// Empty entry lists, one for each document.
    List<Entries> entries(Backend ops, EntryLayout layout) {
        List<Entries> list = new ArrayList<>();
        for (int i = 0; i < documents(); i++) {
            list.add(ops.entries(layout));
        }
        return list;
    }

    List<CompressorSpan> compressorSpans(Backend ops, int rowWidth, List<Entries> entries) {
        // Every sequence begins in its rows, so nothing is read from rings and what is written there is not needed.
        Ring ring = ops.ring(1, rowWidth);
        List<CompressorSpan> spans = new ArrayList<>();
        for (int i = 0; i < documents(); i++) {
            spans.add(new CompressorSpan(starts[i], lengths[i], 0, ring, ring, entries.get(i)));
        }
        return spans;
    }

    List<AttentionSpan> attentionSpans(Backend ops, int width, @Nullable List<Entries> entries) {
        Ring ring = ops.ring(1, width);
        List<AttentionSpan> spans = new ArrayList<>();
        for (int i = 0; i < documents(); i++) {
            spans.add(new AttentionSpan(starts[i], lengths[i], 0, ring, entries == null ? null : entries.get(i)));
        }
        return spans;
    }

    /// An entry list as one array.
    static float[] flat(Entries list) {
        int width = list.layout().width();
        float[] flat = new float[list.size() * width];
        float[] entry = new float[width];
        for (int e = 0; e < list.size(); e++) {
            list.read(e, entry);
            System.arraycopy(entry, 0, flat, e * width, width);
        }
        return flat;
    }
}
