package ai.hadal.engine.prefix;

import ai.hadal.model.EntryBlock;
import ai.hadal.model.ModelConfig;
import ai.hadal.model.Replay;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the tree knows of a text's start.
///
/// @param nodes its whole blocks from the first on
/// @param mark the longest snapshot
/// @param next a block of another text that begins with the tokens behind the whole blocks
/// @param common how many of these
record Path(List<Node> nodes, @Nullable Mark mark, @Nullable Node next, int common) {

    List<EntryBlock> blocks() {
        var blocks = new ArrayList<EntryBlock>(nodes.size() + 1);
        nodes.forEach(node -> blocks.add(node.block()));
        return blocks;
    }

    /// Where the text can continue: from the snapshot or by a replay of the last tokens with known entries,
    /// whichever leaves fewer tokens to process.
    Start start(ModelConfig config) {
        int known = nodes.size() * EntryBlock.TOKENS + common;
        int replay = Math.toIntExact(Replay.start(config, known));
        var blocks = blocks();
        if (mark != null && mark.length() >= replay) {
            return new Start(blocks.subList(0, mark.node.depth), mark.snapshot, mark.length(), mark.length(), false);
        }
        if (next != null) {
            blocks.add(next.block());
        }
        return new Start(blocks, null, known, replay, false);
    }
}
