package ai.hadal.train;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
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
import org.jspecify.annotations.Nullable;

/// The packs of a run's stages, one stage open at a time.
final class TrainingData implements AutoCloseable {

    /// Bytes of a text file that are cut into documents together.
    private static final int PART_BYTES = 1 << 16;

    /// Keeps the draws of stages and sources apart.
    private static final long APART = 1_000_003;

    private static final List<ThinkingMode> MODES =
            List.of(ThinkingMode.NON_THINK, ThinkingMode.HIGH, ThinkingMode.MAX);

    private final Recipe recipe;
    private final Tokenizer tokenizer;
    private @Nullable PackSource open;
    private int index;

    TrainingData(Recipe recipe, Tokenizer tokenizer) {
        this.recipe = recipe;
        this.tokenizer = tokenizer;
    }

    /// Opens every stage's data, so that a run of days does not end at a wrong name.
    ///
    /// @throws HadalException if a file can't be read or there is no such task
    static void check(Recipe recipe, Tokenizer tokenizer) {
        for (int i = 0; i < recipe.stages().size(); i++) {
            mixture(recipe, i, tokenizer);
        }
    }

    /// The packs of a stage: those that were open, or from a state on.
    PackSource packs(Recipe.Place place, RunFolder.State state) {
        var packs = open;
        if (packs == null || place.index() != index) {
            close();
            var from = state.step() == place.first() ? Packer.State.START : state.data();
            var stage = place.stage();
            var mixture = mixture(recipe, place.index(), tokenizer);
            packs = new Prefetcher(new Packer(mixture, stage.tokens(), from), 2 * stage.packs());
            open = packs;
            index = place.index();
        }
        return packs;
    }

    private static Mixture mixture(Recipe recipe, int index, Tokenizer tokenizer) {
        long seed = recipe.seed() * APART + index;
        List<Mixture.Part> parts = new ArrayList<>();
        for (var data : recipe.stages().get(index).data()) {
            long own = seed * APART + parts.size();
            parts.add(new Mixture.Part(source(data, tokenizer, own), data.weight()));
        }
        return new Mixture(seed, parts);
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
        for (int i = 0; i < MODES.size(); i++) {
            if (shares.get(i) > 0) {
                modes.put(MODES.get(i), shares.get(i));
            }
        }
        return modes;
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
