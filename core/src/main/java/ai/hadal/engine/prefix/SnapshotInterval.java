package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.Numerics;
import ai.hadal.model.Replay;
import ai.hadal.model.SequenceSize;

/// How often a long text is worth a snapshot besides those at the ends of messages (the report's full,
/// periodic and zero caching), from costs.
///
/// A block of 128 tokens takes E bytes, a snapshot S, and a replay processes R tokens again, about a window
/// for each block of the model. With a snapshot after every k blocks, a text takes `E + S / k` bytes a block,
/// and a prompt that parts from it somewhere processes up to `128 k` tokens again, half of that on average. k
/// is the smallest for which snapshots take no more room than blocks: `S / E`, rounded up. So k = 1 (full)
/// where snapshots are small, and larger (periodic) else. Where `128 k` is no less than R, a replay costs no
/// more than a snapshot saves, and there are none (zero).
///
/// @param tokens between snapshots, a multiple of 128; 0 for none
record SnapshotInterval(int tokens) {

    static SnapshotInterval of(ModelConfig config, Numerics numerics) {
        long block = SequenceSize.blockBytes(config, numerics) + Integer.BYTES * EntryBlock.TOKENS + Node.OVERHEAD;
        long snapshot = SequenceSize.snapshotBytes(config, numerics) + Mark.OVERHEAD;
        long tokens = Math.ceilDiv(snapshot, block) * EntryBlock.TOKENS;
        return new SnapshotInterval(tokens < replayed(config) ? Math.toIntExact(tokens) : 0);
    }

    /// Tokens that a replay at the end of a block of a long text processes again.
    private static long replayed(ModelConfig config) {
        long far = (long) EntryBlock.TOKENS << Integer.SIZE;
        return far - Replay.start(config, far);
    }

    /// See [PrefixCache#nextBoundary].
    int next(int position, int[] wanted, int end) {
        if (position < 0 || position >= end) {
            throw new IllegalArgumentException("no boundary between " + position + " and " + end);
        }
        long next = end;
        if (tokens > 0) {
            next = Math.min(next, (position / tokens + 1L) * tokens);
        }
        for (int length : wanted) {
            if (length > position) {
                next = Math.min(next, length);
            }
        }
        return (int) next;
    }
}
