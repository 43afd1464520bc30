package ai.hadal.train;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.tokenizer.Tokenizer;
import ai.hadal.train.Recipe.Data;
import ai.hadal.train.data.ChatFile;
import ai.hadal.train.data.ChatFileSource;
import ai.hadal.train.data.CurriculumSource;
import ai.hadal.train.data.DataSource;
import ai.hadal.train.data.Mixture;
import ai.hadal.train.data.PackSource;
import ai.hadal.train.data.Packer;
import ai.hadal.train.data.Prefetcher;
import ai.hadal.train.data.TextFile;
import ai.hadal.train.data.TextFileSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The packs of a stage.
final class TrainingData {

    /// Bytes of a text file that are cut into documents together.
    private static final int PART_BYTES = 1 << 16;

    /// Keeps the draws of stages and sources apart.
    private static final long APART = 1_000_003;

    private TrainingData() {}

    /// @param index the stage's number
    /// @param state where to go on
    static PackSource open(Recipe recipe, int index, Tokenizer tokenizer, Packer.State state) {
        var stage = recipe.stages().get(index);
        long seed = recipe.seed() * APART + index;
        List<Mixture.Part> parts = new ArrayList<>();
        for (var data : stage.data()) {
            long own = seed * APART + parts.size();
            parts.add(new Mixture.Part(source(data, tokenizer, own), data.weight()));
        }
        return new Prefetcher(new Packer(new Mixture(seed, parts), stage.tokens(), state), 2 * stage.packs());
    }

    private static DataSource source(Data data, Tokenizer tokenizer, long seed) {
        return switch (data) {
            case Data.Nano nano -> new CurriculumSource(tokenizer, seed, nano.tasks(), modes(nano.modes()));
            case Data.Chats chats -> new ChatFileSource(tokenizer, ChatFile.open(chats.file()), seed);
            case Data.Text text -> new TextFileSource(tokenizer, TextFile.open(text.file(), PART_BYTES), seed);
        };
    }

    private static Map<ThinkingMode, Double> modes(List<Double> shares) {
        Map<ThinkingMode, Double> modes = new EnumMap<>(ThinkingMode.class);
        for (var mode : ThinkingMode.values()) {
            if (shares.get(mode.ordinal()) > 0) {
                modes.put(mode, shares.get(mode.ordinal()));
            }
        }
        return modes;
    }
}
