package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.hadal.tokenizer.Tokenizer;
import ai.hadal.train.nano.Curriculum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainTokenizerCommandTest {

    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"octopus octopus\"},"
            + "{\"role\":\"assistant\",\"content\":\"octopus\"}]}\n";

    @TempDir
    Path folder;

    private Path text;
    private Path chats;

    @BeforeEach
    void data() throws IOException {
        text = Files.writeString(folder.resolve("sea.txt"), "The deep sea is a deep sea.\n\n".repeat(9));
        chats = Files.writeString(folder.resolve("chats.jsonl"), CHAT.repeat(5));
    }

    @Test
    void textsAndChatsBecomeATokenizer() {
        Path model = folder.resolve("new/model");
        var run = Hadal.run("train-tokenizer", "--vocab-size", 290, "-o", model, text, chats);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith(model.resolve("tokenizer.json") + ": 290 entries, ")
                .contains("bytes per token");
        assertThat(run.err()).isEmpty();
        var tokenizer = Tokenizer.fromJson(model);
        assertThat(tokenizer.size()).isEqualTo(290);
        assertThat(tokenizer.encode(" deep")).hasSize(1);
        assertThat(tokenizer.encode("octopus")).hasSizeLessThan(7);
    }

    @Test
    void aSmallerVocabularyThanAskedForIsExplained() {
        Path file = folder.resolve("small.json");
        var run = Hadal.run("train-tokenizer", "-o", file, text);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("small.json: ", "no more pairs that occur twice");
        assertThat(Tokenizer.fromJson(file).size()).isLessThan(2048);
    }

    @Test
    void theCurriculumIsTextToo() {
        assumeTrue(Curriculum.names().iterator().hasNext(), "the curriculum has no tasks");
        var run = Hadal.run("train-tokenizer", "--vocab-size", 400, "--nano", 60, "-o", folder);
        assertThat(run.out()).as(run.err()).contains(": 400 entries");
    }

    @Test
    void aWrongLineIsNamedAndNothingIsWritten() throws IOException {
        Files.writeString(chats, CHAT + "{\"messages\":7}\n");
        var run = Hadal.run("train-tokenizer", "-o", folder, chats);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("chats.jsonl, line 2: it has no list `messages`");
        assertThat(folder.resolve("tokenizer.json")).doesNotExist();
    }

    @Test
    void withoutTextOrWithAnImpossibleSizeItSaysSo() {
        assertThat(Hadal.run("train-tokenizer", "-o", folder).err()).contains("nothing to learn from");
        assertThat(Hadal.run("train-tokenizer", "-o", folder, "--vocab-size", 7, text)
                        .err())
                .contains("a vocabulary of 7 entries cannot be made");
        assertThat(Hadal.run("train-tokenizer", "-o", text.resolve("in-a-file"), text)
                        .err())
                .contains("cannot be made", "-o");
    }
}
