package ai.hadal.engine.prefix;

import ai.hadal.model.WindowSnapshot;
import java.util.Arrays;

/// A snapshot in the tree.
final class Mark extends Kept {

    /// Counted for the objects around tokens and snapshot.
    static final int OVERHEAD = 256;

    /// The last whole block before it.
    final Node node;

    /// Tokens behind that block, fewer than a block has.
    final int[] ids;

    final WindowSnapshot snapshot;

    Mark(Node node, int[] ids, WindowSnapshot snapshot) {
        this.node = node;
        this.ids = ids;
        this.snapshot = snapshot;
    }

    int length() {
        return node.end() + ids.length;
    }

    /// Whether `other[from ..]` begins with its tokens.
    boolean begins(int[] other, int from) {
        return other.length - from >= ids.length && Arrays.equals(ids, 0, ids.length, other, from, from + ids.length);
    }

    @Override
    long bytes() {
        return OVERHEAD + (long) Integer.BYTES * ids.length + snapshot.bytes();
    }
}
