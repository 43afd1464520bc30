package ai.hadal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/// The ids that the Hugging Face library gives, text by text.
class GoldenTest {

    @Test
    void nanoVocabulary() {
        agrees(Tokenizer.fromJson(Golden.NANO), Golden.cases(Golden.NANO_CASES));
    }

    @Test
    void largerNanoVocabulary() {
        agrees(
                Tokenizer.fromJson(official("tokenizer/nano/tokenizer_4096.json")),
                Golden.cases(official("tokenizer/nano/golden_4096.jsonl")));
    }

    @Test
    void officialVocabulary() {
        var tokenizer = Tokenizer.fromJson(official("tokenizer/tokenizer.json"));
        agrees(tokenizer, Golden.cases(official("golden/tokenizer/cases.jsonl")));
        assertThat(tokenizer.size()).isEqualTo(129_280);
        assertThat(tokenizer.bosId()).isZero();
        assertThat(tokenizer.eosId()).isEqualTo(1);
        assertThat(tokenizer.padId()).isEqualTo(2);
        assertThat(tokenizer.id("<｜User｜>")).hasValue(128_803);
        assertThat(tokenizer.id("<｜Assistant｜>")).hasValue(128_804);
        assertThat(tokenizer.id("｜DSML｜")).hasValue(128_825);
    }

    private static void agrees(Tokenizer tokenizer, List<Golden.Case> cases) {
        assertThat(cases).hasSizeGreaterThan(200);
        var softly = new SoftAssertions();
        for (Golden.Case golden : cases) {
            int[] ids = tokenizer.encode(golden.text());
            softly.assertThat(ids).as("ids of %s", golden).isEqualTo(golden.ids());
            softly.assertThat(tokenizer.decode(golden.ids()))
                    .as("text of %s", golden)
                    .isEqualTo(golden.decoded());
            // The second time the pieces come from the cache.
            softly.assertThat(Arrays.equals(tokenizer.encode(golden.text()), ids))
                    .as("again %s", golden)
                    .isTrue();
        }
        softly.assertAll();
    }

    private static Path official(String name) {
        var file = Golden.official(name);
        assumeTrue(file.isPresent(), "the official files are not here");
        return file.orElseThrow();
    }
}
