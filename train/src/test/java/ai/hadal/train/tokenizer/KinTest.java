package ai.hadal.train.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KinTest {

    @Test
    void wordsAreKinWhateverStandsBeforeThemAndTheirCase(@TempDir Path folder) {
        Iterator<String> texts = List.of("rice rice rice Rice Rice rice rice", "\nrice\nrice\nRice\nRice")
                .iterator();
        TokenizerTrainer.train(texts, TokenizerTrainer.LEAST_SIZE + 8).write(folder.resolve("tokenizer.json"));
        var tokenizer = Tokenizer.fromJson(folder);
        int[] kin = Kin.of(tokenizer);

        int rice = only(tokenizer, "rice");
        int first = kin[rice];
        assertThat(kin[only(tokenizer, " rice")]).isEqualTo(first);
        assertThat(kin[only(tokenizer, " Rice")]).isEqualTo(first);
        assertThat(kin[only(tokenizer, "a")])
                .isEqualTo(kin[only(tokenizer, "A")])
                .isNotEqualTo(first);
        assertThat(kin[only(tokenizer, "1")]).isEqualTo(only(tokenizer, "1"));
        for (int id = 0; id < kin.length; id++) {
            assertThat(kin[id]).isLessThanOrEqualTo(id);
            assertThat(kin[kin[id]]).isEqualTo(kin[id]);
        }
    }

    private static int only(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encode(text);
        assertThat(ids).as(text).hasSize(1);
        return ids[0];
    }
}
