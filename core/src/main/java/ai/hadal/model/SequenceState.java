package ai.hadal.model;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;

/// All that a running text knows: window rings, compressed entries, index keys, compressor tails and its length. A
/// value: fork it, roll it back, save it, restore it elsewhere, and it continues with the same bits. Used by one
/// thread at a time; forks are independent.
public final class SequenceState {

    private final Model model;
    private final List<LayerState> layers;
    private final List<LayerState> mtp;
    private long length;
    private long mtpLength;
    private long rollbackFloor;

    SequenceState(Model model, List<LayerState> layers, List<LayerState> mtp) {
        this.model = model;
        this.layers = layers;
        this.mtp = mtp;
    }

    /// Tokens so far.
    public long length() {
        return length;
    }

    /// The model this sequence belongs to.
    public Model model() {
        return model;
    }

    /// The shortest length that [#rollback] can go back to, besides 0: a full window before the longest length
    /// reached.
    public long rollbackFloor() {
        return rollbackFloor;
    }

    /// An independent copy; what neither side changes is shared.
    public SequenceState fork() {
        var copy = new SequenceState(model, forkAll(layers), forkAll(mtp));
        copy.setLengths(length, mtpLength, rollbackFloor);
        return copy;
    }

    private static List<LayerState> forkAll(List<LayerState> states) {
        var copies = new ArrayList<LayerState>(states.size());
        for (var s : states) {
            copies.add(s.fork());
        }
        return copies;
    }

    /// Forgets the last tokens so that `newLength` remain.
    ///
    /// @throws HadalException if `newLength` is longer than the sequence or lies before [#rollbackFloor] and is not
    ///     0
    public void rollback(long newLength) {
        if (newLength < 0 || newLength > length || (newLength < rollbackFloor && newLength != 0)) {
            throw new HadalException("a sequence of " + length + " tokens cannot be rolled back to " + newLength
                    + "; choose 0 or a length from " + rollbackFloor + " on, or fork the sequence before it grows");
        }
        for (var layer : layers) {
            layer.truncate(newLength);
        }
        length = newLength;
        mtpLength = Math.min(mtpLength, newLength);
        if (newLength == 0) {
            rollbackFloor = 0;
        }
    }

    /// Bytes of compressed entries, shared ones included; grows with the text.
    public long entryBytes() {
        long sum = 0;
        for (var layer : layers) {
            sum += layer.entryBytes();
        }
        return sum;
    }

    LayerState layer(int index) {
        return layers.get(index);
    }

    LayerState mtp(int index) {
        return mtp.get(index);
    }

    List<LayerState> layers() {
        return layers;
    }

    List<LayerState> mtpLayers() {
        return mtp;
    }

    long mtpLength() {
        return mtpLength;
    }

    void advance(int tokens) {
        length += tokens;
        rollbackFloor = Math.max(rollbackFloor, length - model.config().slidingWindow());
    }

    void advanceMtp(int tokens) {
        mtpLength += tokens;
    }

    void setLengths(long length, long mtpLength, long rollbackFloor) {
        this.length = length;
        this.mtpLength = mtpLength;
        this.rollbackFloor = rollbackFloor;
    }
}
