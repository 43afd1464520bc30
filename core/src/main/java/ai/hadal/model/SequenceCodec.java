package ai.hadal.model;

import ai.hadal.backend.Ring;
import ai.hadal.error.HadalException;
import ai.hadal.model.LayerState.CompressorState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A sequence as bytes: lengths, then for each block the window rows and raw compressor rows that it can still need,
/// as little-endian floats, and its entries as they are kept. Readable by any backend of the same arithmetic on the
/// same checkpoint and profile.
public final class SequenceCodec {

    private SequenceCodec() {}

    /// Writes a sequence.
    ///
    /// @throws HadalException if it still [replays][SequenceState#replaying]
    public static void write(SequenceState state, DataOutput out) throws IOException {
        state.requireWhole("saved");
        out.writeUTF(ModelFingerprint.of(state.model()));
        out.writeLong(state.length());
        out.writeLong(state.rollbackFloor());
        for (var layer : state.layers()) {
            write(layer, state, out);
        }
    }

    private static void write(LayerState layer, SequenceState state, DataOutput out) throws IOException {
        long length = state.length();
        long floor = state.rollbackFloor();
        writeRows(layer.window(), LayerState.oldestWindowRow(state.model().config(), floor), length, out);
        if (layer.compressor() != null) {
            write(layer.compressor(), length, floor, out);
        }
        if (layer.indexer() != null) {
            write(layer.indexer(), length, floor, out);
        }
    }

    private static void write(CompressorState c, long length, long floor, DataOutput out) throws IOException {
        writeRows(c.values(), c.oldestRow(floor), length, out);
        writeRows(c.gates(), c.oldestRow(floor), length, out);
        byte[] entry = new byte[c.entries().layout().bytes()];
        for (int i = 0; i < c.entries().size(); i++) {
            c.entries().readStored(i, entry);
            out.write(entry);
        }
    }

    private static void writeRows(Ring ring, long from, long end, DataOutput out) throws IOException {
        float[] row = new float[ring.width()];
        for (long p = from; p < end; p++) {
            ring.read(p, row);
            writeFloats(row, out);
        }
    }

    private static void writeFloats(float[] values, DataOutput out) throws IOException {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
    }

    /// Reads a sequence for a model.
    ///
    /// @throws HadalException if it was written by another checkpoint, profile or arithmetic, or is damaged
    public static SequenceState read(Model model, DataInput in) throws IOException {
        String fingerprint = in.readUTF();
        if (!fingerprint.equals(ModelFingerprint.of(model))) {
            throw new HadalException("it was saved with another model or numerics profile; open that model instead");
        }
        long length = in.readLong();
        long floor = in.readLong();
        if (length < 0
                || length > Integer.MAX_VALUE
                || floor < 0
                || floor > length
                || floor < length - model.config().slidingWindow()) {
            throw new HadalException("its lengths are impossible; the file is damaged, save it again");
        }
        var state = model.newSequence();
        state.setLengths(length, floor);
        for (var layer : state.layers()) {
            read(layer, state, in);
        }
        return state;
    }

    private static void read(LayerState layer, SequenceState state, DataInput in) throws IOException {
        long length = state.length();
        long floor = state.rollbackFloor();
        readRows(layer.window(), LayerState.oldestWindowRow(state.model().config(), floor), length, in);
        if (layer.compressor() != null) {
            read(layer.compressor(), length, floor, in);
        }
        if (layer.indexer() != null) {
            read(layer.indexer(), length, floor, in);
        }
    }

    private static void read(CompressorState c, long length, long floor, DataInput in) throws IOException {
        readRows(c.values(), c.oldestRow(floor), length, in);
        readRows(c.gates(), c.oldestRow(floor), length, in);
        byte[] entry = new byte[c.entries().layout().bytes()];
        for (long i = 0; i < length / c.ratio(); i++) {
            in.readFully(entry);
            c.entries().appendStored(entry);
        }
    }

    private static void readRows(Ring ring, long from, long end, DataInput in) throws IOException {
        float[] row = new float[ring.width()];
        for (long p = from; p < end; p++) {
            readFloats(row, in);
            ring.write(p, row);
        }
    }

    private static void readFloats(float[] values, DataInput in) throws IOException {
        byte[] bytes = new byte[values.length * Float.BYTES];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    }
}
