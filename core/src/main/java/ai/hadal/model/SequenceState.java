package ai.hadal.model;

import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;

/// All that a running text knows: window rings, compressed entries, index keys, compressor tails and its length. A
/// value: fork it, roll it back, save it, restore it elsewhere, and it continues with the same bits. Used by one
/// thread at a time; forks are independent.
public final class SequenceState {

    /// Most tokens that [#withdraw] takes back. Rings have so many rows to spare, so that drafts overwrite nothing that
    /// a rollback may need.
    public static final int MOST_DRAFTS = 16;

    private final Model model;
    private final List<LayerState> layers;
    private long length;
    private long rollbackFloor;
    private long lengthBefore;
    private long floorBefore;

    SequenceState(Model model, List<LayerState> layers) {
        this.model = model;
        this.layers = layers;
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
        var copies = new ArrayList<LayerState>(layers.size());
        for (var layer : layers) {
            copies.add(layer.fork());
        }
        var copy = new SequenceState(model, copies);
        copy.setLengths(length, rollbackFloor);
        return copy;
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
        truncate(newLength);
        setLengths(newLength, newLength == 0 ? 0 : rollbackFloor);
    }

    /// Takes back the last tokens of the last step, drafts that proved wrong: afterwards all is as though they had
    /// never been there, [#rollbackFloor] too.
    ///
    /// @throws IllegalArgumentException if that step did not add them, or they are more than [#MOST_DRAFTS]
    public void withdraw(long newLength) {
        if (newLength < lengthBefore || newLength > length || length - newLength > MOST_DRAFTS) {
            throw new IllegalArgumentException("a step from " + lengthBefore + " to " + length
                    + " tokens cannot be taken back to " + newLength + "; roll back instead");
        }
        truncate(newLength);
        length = newLength;
        rollbackFloor = Math.max(floorBefore, floorOf(newLength));
    }

    private void truncate(long newLength) {
        for (var layer : layers) {
            layer.truncate(newLength);
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

    List<LayerState> layers() {
        return layers;
    }

    void advance(int tokens) {
        lengthBefore = length;
        floorBefore = rollbackFloor;
        length += tokens;
        rollbackFloor = Math.max(rollbackFloor, floorOf(length));
    }

    private long floorOf(long length) {
        return length - model.config().slidingWindow();
    }

    void setLengths(long length, long rollbackFloor) {
        this.length = length;
        this.rollbackFloor = rollbackFloor;
        this.lengthBefore = length;
        this.floorBefore = rollbackFloor;
    }
}
