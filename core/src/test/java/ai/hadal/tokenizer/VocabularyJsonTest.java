package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From tokenizer.json to what GGUF files hold, and back.
class VocabularyJsonTest {

    @TempDir
    Path dir;

    private final Vocabulary vocabulary = Vocabulary.fromJson(Golden.NANO);
    private final Tokenizer original = Tokenizer.fromJson(Golden.NANO);

    private void assertSame(Tokenizer tokenizer) {
        for (Golden.Case golden : Golden.cases(Golden.NANO_CASES)) {
            assertThat(tokenizer.encode(golden.text())).as(golden.toString()).isEqualTo(golden.ids());
        }
        for (int id = 0; id < original.size(); id++) {
            assertThat(tokenizer.token(id)).isEqualTo(original.token(id));
        }
        assertThat(tokenizer.bosId()).isEqualTo(original.bosId());
        assertThat(tokenizer.eosId()).isEqualTo(original.eosId());
        assertThat(tokenizer.padId()).isEqualTo(original.padId());
    }

    @Test
    void theVocabularyOfATokenizerJsonIsTheSameTokenizer() {
        var tokenizer = Tokenizer.of(vocabulary);
        assertSame(tokenizer);
        assertThat(tokenizer.size()).isEqualTo(original.size());
    }

    @Test
    void tokensSpeltLikeControlTokensAreControlTokens() {
        int user = original.id("<｜User｜>").orElseThrow();
        int think = original.id("<think>").orElseThrow();
        int space = original.id("Ġ").orElseThrow();
        assertThat(vocabulary.tokenTypes()[user]).isEqualTo(3);
        assertThat(vocabulary.tokenTypes()[think]).isEqualTo(4);
        assertThat(vocabulary.tokenTypes()[space]).isEqualTo(1);
    }

    @Test
    void unusedTokensFillUpToTheModelsRows() {
        var padded = vocabulary.padded(2100);
        assertThat(padded.tokens()).hasSize(2100).endsWith("[PAD2099]");
        assertThat(padded.tokenTypes()[2048]).isEqualTo(5);
        assertSame(Tokenizer.of(padded));
        assertThat(vocabulary.padded(10).tokens()).hasSize(original.size());
    }

    @Test
    void aWrittenTokenizerJsonIsTheSameTokenizer() throws Exception {
        Path file = Files.writeString(
                dir.resolve("tokenizer.json"), vocabulary.padded(2100).toJson());
        var tokenizer = Tokenizer.fromJson(file);
        assertSame(tokenizer);
        assertThat(tokenizer.size()).isEqualTo(original.size());
    }
}
