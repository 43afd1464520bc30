package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class CompletionPromptsTest {

    private static final Path FILE = Path.of("../models/nano/tokenizer.json");

    private static int[] read(Tokenizer tokenizer, ObjectNode body) {
        return read(tokenizer, body, false);
    }

    private static int[] read(Tokenizer tokenizer, ObjectNode body, boolean parseSpecial) {
        return new CompletionPrompts(tokenizer, parseSpecial)
                .read(new Fields(body, ""))
                .getFirst()
                .ids();
    }

    private static ObjectNode body() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Test
    void fillsInAroundTokenIdsWithOneBeginning() {
        var tokenizer = Tokenizer.fromJson(FILE);
        var withBeginning = body().put("suffix", "b");
        var without = withBeginning.deepCopy();
        int a = tokenizer.id("a").orElseThrow();
        withBeginning.putArray("prompt").add(tokenizer.bosId()).add(a);
        without.putArray("prompt").add(a);
        var text = body().put("suffix", "b").put("prompt", "a");
        assertThat(read(tokenizer, withBeginning))
                .containsExactly(read(tokenizer, text))
                .containsExactly(read(tokenizer, without))
                .containsExactly(tokenizer.encode("<｜begin▁of▁sentence｜><｜fim▁begin｜>a<｜fim▁hole｜>b<｜fim▁end｜>"));
    }

    @Test
    void refusesASuffixWhereTheVocabularyHasNoMarkersForIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, Files.readString(FILE).replace("fim▁hole", "elsewhere"));
        var tokenizer = Tokenizer.fromJson(file);
        var body = body().put("prompt", "a").put("suffix", "b");
        assertThatThrownBy(() -> read(tokenizer, body))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.parameter()).isEqualTo("suffix"))
                .hasMessageContaining("vocabulary has no <｜fim▁hole｜>");
        assertThat(read(tokenizer, body.put("suffix", ""))).hasSize(2);
    }

    @Test
    void whatStandsAroundIsTextAndARawPromptIsATemplate() {
        var tokenizer = Tokenizer.fromJson(FILE);
        var body = body().put("prompt", "a<｜fim▁hole｜>").put("suffix", "</think>b");
        var ids = read(tokenizer, body);
        assertThat(IntStream.of(ids).filter(id -> !tokenizer.isOrdinary(id)))
                .containsExactly(
                        tokenizer.bosId(),
                        tokenizer.id("<｜fim▁begin｜>").orElseThrow(),
                        tokenizer.id("<｜fim▁hole｜>").orElseThrow(),
                        tokenizer.id("<｜fim▁end｜>").orElseThrow());
        String official = "<｜begin▁of▁sentence｜><｜fim▁begin｜>a<｜fim▁hole｜><｜fim▁hole｜></think>b<｜fim▁end｜>";
        assertThat(tokenizer.decode(ids)).isEqualTo(official);
        assertThat(read(tokenizer, body, true)).containsExactly(tokenizer.encode(official));
        assertThat(read(tokenizer, body.put("suffix", "")))
                .containsExactly(tokenizer.encode("<｜begin▁of▁sentence｜>a<｜fim▁hole｜>"));
    }
}
