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

    /// Entries of so many tokens are known, those of a [Replay] ahead of the length.
    private long known;

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

    /// Whether the sequence is one of [Model#replay] whose tokens have not all been processed again: until
    /// then its logits mean nothing.
    public boolean replaying() {
        return length < known;
    }

    /// The entries of the tokens at positions `128 b .. 128 b + 127`, shared with the sequence where the
    /// backend can.
    ///
    /// @throws IllegalArgumentException unless the sequence holds all of them
    public EntryBlock block(int b) {
        if (b < 0 || (b + 1L) * EntryBlock.TOKENS > length) {
            throw new IllegalArgumentException("a sequence of " + length + " tokens has no whole block " + b);
        }
        return EntryBlock.of(this, b);
    }

    /// All else that a sequence needs to continue at this length: see [Model#restore].
    ///
    /// @throws HadalException if it still [replays][#replaying]
    public WindowSnapshot snapshot() {
        requireWhole("remembered");
        return WindowSnapshot.of(this);
    }

    void requireWhole(String done) {
        if (replaying()) {
            throw new HadalException("a sequence that replays cannot be " + done + " at " + length
                    + " tokens; process its tokens up to " + known + " first");
        }
    }

    /// An independent copy; what neither side changes is shared.
    public SequenceState fork() {
        var copies = new ArrayList<LayerState>(layers.size());
        for (var layer : layers) {
            copies.add(layer.fork());
        }
        var copy = new SequenceState(model, copies);
        copy.setLengths(length, rollbackFloor);
        copy.known = known;
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
        known = Math.min(known, newLength);
    }

    /// Takes back the last tokens of the last step, drafts that proved wrong: afterwards all is as though they had
    /// never been there, [#rollbackFloor] too.
    ///
    /// @throws IllegalArgumentException if that step did not add them or they belong to a replay, or they are
    ///     more than [#MOST_DRAFTS]
    public void withdraw(long newLength) {
        if (newLength < Math.max(lengthBefore, known) || newLength > length || length - newLength > MOST_DRAFTS) {
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

    /// Lets the sequence, whose entries are those of `length` tokens, process its tokens again from `start`
    /// on.
    void replay(long start, long length) {
        for (var c : EntryBlock.compressors(this)) {
            c.entries().rewind((int) (start / c.ratio()));
        }
        setLengths(start, length);
        known = length;
    }

    void setLengths(long length, long rollbackFloor) {
        this.length = length;
        this.rollbackFloor = rollbackFloor;
        this.lengthBefore = length;
        this.floorBefore = rollbackFloor;
    }
}
