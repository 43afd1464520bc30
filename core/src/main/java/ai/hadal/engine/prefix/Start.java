package ai.hadal.engine.prefix;

import ai.hadal.engine.prefix.Hit.Strategy;
import ai.hadal.engine.prefix.Hit.Tier;
import ai.hadal.model.EntryBlock;
import ai.hadal.model.Model;
import ai.hadal.model.WindowSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From where a text can continue.
///
/// @param blocks entries of its first tokens
/// @param snapshot null for a replay
/// @param known tokens whose entries are known
/// @param tokens that need not be processed; none: there is nothing to continue from
/// @param stored whether any of it came from the store
record Start(List<EntryBlock> blocks, @Nullable WindowSnapshot snapshot, int known, int tokens, boolean stored) {

    Hit hit(Model model) {
        if (tokens == 0) {
            return new Hit(model.newSequence(), 0, 0, Strategy.NONE, Tier.NONE);
        }
        var tier = stored ? Tier.STORE : Tier.MEMORY;
        return snapshot != null
                ? new Hit(model.restore(blocks, snapshot), tokens, known, Strategy.SNAPSHOT, tier)
                : new Hit(model.replay(blocks, known), tokens, known, Strategy.REPLAY, tier);
    }

    /// The blocks that all of its known tokens fill.
    List<EntryBlock> wholeBlocks() {
        return blocks.subList(0, known / EntryBlock.TOKENS);
    }
}
