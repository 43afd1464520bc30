package ai.hadal.model;

import ai.hadal.backend.EntryLayout;
import ai.hadal.backend.EntryRun;
import ai.hadal.backend.Ring;
import ai.hadal.error.HadalException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a sequence of one length knows besides its whole [EntryBlock]s: the window rows that its next token
/// sees, the raw compressor rows that its next entries pool, and the entries behind the last whole block.
/// Immutable. Smallest where the length is a multiple of 128, since HCA blocks then need no raw rows. See
/// [SequenceState#snapshot] and [Model#restore].
///
/// Rows are kept as entries: key-value rows that the profile rounds as FP8 codes, if that changes no bit, all
/// others as floats.
public final class WindowSnapshot {

    private static final int FLOATS = 0;
    private static final int CODES = 1;

    /// What a block of the model needs: its window; then, for each of its compressors, values, gates and the
    /// entries behind the last whole block.
    private record Layer(EntryRun window, List<EntryRun> compressors) {

        Layer {
            compressors = List.copyOf(compressors);
        }
    }

    private final long length;
    private final List<Layer> layers;
    private final long bytes;

    private WindowSnapshot(long length, List<Layer> layers) {
        this.length = length;
        this.layers = List.copyOf(layers);
        this.bytes = layers.stream()
                .mapToLong(layer -> EntryBlock.bytes(List.of(layer.window)) + EntryBlock.bytes(layer.compressors))
                .sum();
    }

    /// The length at which the sequence continues.
    public long length() {
        return length;
    }

    /// Bytes of its rows and entries, and 64 for each list of them.
    public long bytes() {
        return bytes;
    }

    static WindowSnapshot of(SequenceState state) {
        var model = state.model();
        long length = state.length();
        int whole = Math.toIntExact(length / EntryBlock.TOKENS) * EntryBlock.TOKENS;
        var layers = new ArrayList<Layer>();
        for (var layer : state.layers()) {
            var runs = new ArrayList<EntryRun>();
            for (var c : layer.compressors()) {
                long oldest = c.oldestRow(length);
                runs.add(rows(c.values(), EntryLayout.f32(c.values().width()), model, oldest, length));
                runs.add(rows(c.gates(), EntryLayout.f32(c.gates().width()), model, oldest, length));
                runs.add(c.entries().run(whole / c.ratio(), (int) (length / c.ratio()) - whole / c.ratio()));
            }
            layers.add(new Layer(window(layer.window(), model, length), runs));
        }
        return new WindowSnapshot(length, layers);
    }

    private static EntryRun window(Ring ring, Model model, long length) {
        long oldest = LayerState.oldestWindowRow(model.config(), length);
        var layout = windowLayout(model);
        var run = rows(ring, layout, model, oldest, length);
        return same(ring, run, model, oldest) ? run : rows(ring, EntryLayout.f32(ring.width()), model, oldest, length);
    }

    /// Key-value rows are rounded just as compressed entries are.
    private static EntryLayout windowLayout(Model model) {
        return LayerState.entryLayout(model.config(), model.numerics().cacheRounding());
    }

    private static EntryRun rows(Ring ring, EntryLayout layout, Model model, long from, long end) {
        var list = model.backend().entries(layout);
        float[] row = new float[ring.width()];
        for (long p = from; p < end; p++) {
            ring.read(p, row);
            list.append(row, 0);
        }
        return list.run(0, list.size());
    }

    private static boolean same(Ring ring, EntryRun run, Model model, long from) {
        var list = model.backend().entries(run.layout());
        list.append(run);
        float[] row = new float[ring.width()];
        float[] kept = new float[ring.width()];
        for (int i = 0; i < run.size(); i++) {
            ring.read(from + i, row);
            list.read(i, kept);
            if (!Arrays.equals(row, kept)) {
                return false;
            }
        }
        return true;
    }

    /// Puts the rows into the rings of a sequence that holds the whole blocks, and appends the last entries.
    void restore(SequenceState state) {
        for (int l = 0; l < layers.size(); l++) {
            fill(state.layer(l).window(), layers.get(l).window, state);
            int next = 0;
            for (var c : state.layer(l).compressors()) {
                fill(c.values(), layers.get(l).compressors.get(next++), state);
                fill(c.gates(), layers.get(l).compressors.get(next++), state);
                c.entries().append(layers.get(l).compressors.get(next++));
            }
        }
    }

    private void fill(Ring ring, EntryRun run, SequenceState state) {
        var list = state.model().backend().entries(run.layout());
        list.append(run);
        float[] row = new float[ring.width()];
        for (int i = 0; i < run.size(); i++) {
            list.read(i, row);
            ring.write(length - run.size() + i, row);
        }
    }

    /// Writes the length, then for each block of the model in which form its window is kept, and all rows and
    /// entries as they are kept.
    public void write(DataOutput out) throws IOException {
        out.writeLong(length);
        for (var layer : layers) {
            out.writeByte(layer.window.layout().form() == EntryLayout.Form.F32 ? FLOATS : CODES);
            EntryBlock.write(layer.window, out);
            for (var run : layer.compressors) {
                EntryBlock.write(run, out);
            }
        }
    }

    /// Reads what [#write] wrote for a sequence of the same model.
    ///
    /// @throws HadalException if no sequence of the model can have left it
    /// @throws java.io.EOFException if the input ends before the snapshot does
    public static WindowSnapshot read(Model model, DataInput in) throws IOException {
        long length = in.readLong();
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new HadalException("a snapshot's length is impossible; it is damaged, compute the text again");
        }
        var layers = new ArrayList<Layer>();
        for (var layer : model.newSequence().layers()) {
            var window = readWindow(model, length, in);
            var runs = new ArrayList<EntryRun>();
            for (var c : layer.compressors()) {
                int rows = (int) (length - c.oldestRow(length));
                int entries = (int) (length % EntryBlock.TOKENS) / c.ratio();
                runs.add(EntryBlock.readRun(model, EntryLayout.f32(c.values().width()), rows, in));
                runs.add(EntryBlock.readRun(model, EntryLayout.f32(c.gates().width()), rows, in));
                runs.add(EntryBlock.readRun(model, c.entries().layout(), entries, in));
            }
            layers.add(new Layer(window, runs));
        }
        return new WindowSnapshot(length, layers);
    }

    private static EntryRun readWindow(Model model, long length, DataInput in) throws IOException {
        int rows = (int) (length - LayerState.oldestWindowRow(model.config(), length));
        int form = in.readByte();
        if (form == FLOATS) {
            return EntryBlock.readRun(model, EntryLayout.f32(model.config().headDim()), rows, in);
        }
        if (form != CODES) {
            throw new HadalException(
                    "a snapshot's window is kept in an unknown form; it is damaged, compute the text again");
        }
        return EntryBlock.readRun(model, windowLayout(model), rows, in);
    }
}
