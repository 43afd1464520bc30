package ai.hadal.model;

import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.EntryRun;
import ai.hadal.error.HadalException;
import ai.hadal.model.LayerState.CompressorState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The compressed entries and index keys that the 128 tokens at positions `128 b .. 128 b + 127` add in all
/// blocks of a model: 32 of each in a CSA block, one entry in an HCA block. They depend on these tokens and
/// all before them. Immutable; sequences that hold the same tokens share them. See [SequenceState#block],
/// [Model#restore] and [Model#replay].
public final class EntryBlock {

    /// Tokens that a block covers, the largest compression ratio.
    public static final int TOKENS = 128;

    /// Counted for the objects that hold a run of entries.
    static final int RUN_OVERHEAD = 64;

    private final List<EntryRun> runs;
    private final long bytes;

    private EntryBlock(List<EntryRun> runs) {
        this.runs = List.copyOf(runs);
        this.bytes = bytes(runs);
    }

    /// Block b of a sequence that holds it whole.
    static EntryBlock of(SequenceState state, int b) {
        var runs = new ArrayList<EntryRun>();
        for (var c : compressors(state)) {
            int n = TOKENS / c.ratio();
            runs.add(c.entries().run(b * n, n));
        }
        return new EntryBlock(runs);
    }

    /// The compressors of a sequence in the order of runs.
    static List<CompressorState> compressors(SequenceState state) {
        return state.layers().stream()
                .flatMap(layer -> layer.compressors().stream())
                .toList();
    }

    /// Appends the block to a sequence's entries.
    void appendTo(SequenceState state) {
        var compressors = compressors(state);
        if (compressors.size() != runs.size()) {
            throw new HadalException(
                    "a block of entries belongs to another model; take it from a sequence of this one");
        }
        for (int i = 0; i < runs.size(); i++) {
            compressors.get(i).entries().append(runs.get(i));
        }
    }

    /// Bytes of its entries and keys, those that it shares included, and 64 for each list of them.
    public long bytes() {
        return bytes;
    }

    static long bytes(List<EntryRun> runs) {
        return runs.stream().mapToLong(run -> run.bytes() + RUN_OVERHEAD).sum();
    }

    /// Writes the entries as they are kept: as many bytes for every block of a model.
    public void write(DataOutput out) throws IOException {
        for (var run : runs) {
            write(run, out);
        }
    }

    static void write(EntryRun run, DataOutput out) throws IOException {
        byte[] entry = new byte[run.layout().bytes()];
        for (int i = 0; i < run.size(); i++) {
            run.readStored(i, entry);
            out.write(entry);
        }
    }

    /// Reads what [#write] wrote for a sequence of the same model.
    ///
    /// @throws java.io.EOFException if the input ends before the block does
    public static EntryBlock read(Model model, DataInput in) throws IOException {
        var runs = new ArrayList<EntryRun>();
        for (var c : compressors(model.newSequence())) {
            runs.add(readRun(model, c.entries().layout(), TOKENS / c.ratio(), in));
        }
        return new EntryBlock(runs);
    }

    static EntryRun readRun(Model model, EntryLayout layout, int size, DataInput in) throws IOException {
        var entries = model.backend().entries(layout);
        byte[] entry = new byte[layout.bytes()];
        for (int i = 0; i < size; i++) {
            in.readFully(entry);
            entries.appendStored(entry);
        }
        return entries.run(0, size);
    }
}
