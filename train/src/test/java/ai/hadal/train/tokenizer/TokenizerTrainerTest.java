package ai.hadal.train.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import ai.hadal.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTrainerTest {

    private static final List<String> CORPUS = corpus();
    private static final TrainedTokenizer TRAINED = TokenizerTrainer.train(CORPUS.iterator(), 360);
    private static final Tokenizer TOKENIZER = load(TRAINED);

    private static List<String> corpus() {
        var lines = IntStream.range(0, 400)
                .mapToObj(i -> List.of(
                                "The sea at station %d is %d metres deep; nobody has seen its floor.\n",
                                "<｜User｜>How deep is trench %d?<｜Assistant｜></think>It is %d m deep.\n",
                                "第%d站的海水很深，深度是%d米。\n",
                                "aaaa  banana\tbananas!! (%d) => [%d] 🐙🐙\r\n\r\n")
                        .get(i % 4)
                        .formatted(i, i * 37 % 11000))
                .toList();
        return List.of(String.join("", lines.subList(0, 200)), String.join("", lines.subList(200, 400)));
    }

    private static Tokenizer load(TrainedTokenizer trained) {
        try {
            Path folder = Files.createTempDirectory("tokenizer");
            Path file = trained.write(folder);
            try {
                return Tokenizer.fromJson(folder);
            } finally {
                Files.delete(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Tokenizer trained(int merges, String... texts) {
        return load(TokenizerTrainer.train(List.of(texts).iterator(), TokenizerTrainer.LEAST_SIZE + merges));
    }

    private static List<String> merged(Tokenizer tokenizer) {
        int end = tokenizer.size() - AddedTokens.PROTOCOL.size();
        return IntStream.range(259, end)
                .mapToObj(id -> new String(tokenizer.bytes(id), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void theMostFrequentPairMergesFirst() {
        // "ab" four times and "cd" three times; then "abcd" as often as they still meet.
        assertThat(merged(trained(3, "ab ab", "cdab", "abcd", "cd"))).startsWith("ab", "cd");
    }

    @Test
    void ofEqualPairsTheOneWithTheSmallerBytesMerges() {
        assertThat(merged(trained(9, "zy!zy!ab!ab"))).containsExactly("!a", "!ab", "zy");
        assertThat(merged(trained(1, "zy.zy..xy..xy"))).containsExactly("..");
    }

    @Test
    void whatOccursOnceIsNotMerged() {
        var trained = TokenizerTrainer.train(List.of("abcdefg").iterator(), 1000);
        assertThat(trained.size()).isEqualTo(TokenizerTrainer.LEAST_SIZE);
        assertThat(trained.bytesPerToken()).isEqualTo(1);
    }

    @Test
    void runsOfOneCharacterMergeFromTheLeft() {
        var tokenizer = trained(2, "aaaaa aaaaa");
        assertThat(tokenizer.encode("aaaaa")).hasSize(2);
    }

    @Test
    void theEncoderMergesExactlyAsTheTrainerDid() {
        long named = CORPUS.stream()
                .flatMap(text -> AddedTokens.ANY.matcher(text).results())
                .count();
        long bytes = CORPUS.stream()
                .mapToLong(text -> AddedTokens.ANY.matcher(text).replaceAll("").getBytes(StandardCharsets.UTF_8).length)
                .sum();
        long tokens =
                CORPUS.stream().mapToLong(text -> TOKENIZER.encode(text).length).sum();
        assertThat((double) bytes / (tokens - named)).isEqualTo(TRAINED.bytesPerToken());
    }

    @Test
    void theCorpusTakesFewerTokensThanBytes() {
        assertThat(TRAINED.size()).isEqualTo(360).isEqualTo(TOKENIZER.size());
        assertThat(TRAINED.bytesPerToken()).isGreaterThan(2);
        assertThat(TOKENIZER.encode(" deep")).hasSize(1);
        assertThat(TOKENIZER.encode("深度")).hasSizeLessThan(6);
    }

    @Test
    void theOrderOfTextsDoesNotMatter(@TempDir Path folder) throws IOException {
        var backwards = CORPUS.reversed();
        Path first = TRAINED.write(folder.resolve("a.json"));
        Path second = TokenizerTrainer.train(backwards.iterator(), 360).write(folder.resolve("b.json"));
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void everyDigitIsOneToken() {
        for (int id = 259; id < TOKENIZER.size() - AddedTokens.PROTOCOL.size(); id++) {
            assertThat(new String(TOKENIZER.bytes(id), StandardCharsets.UTF_8)).doesNotContainPattern("\\d");
        }
        assertThat(TOKENIZER.encode("1048576")).hasSize(7);
    }

    @Test
    void namedTokensAreOneIdAndStandWhereTheOfficialOnesDo() {
        var all = IntStream.range(0, TOKENIZER.size())
                .mapToObj(TOKENIZER::token)
                .filter(token -> AddedTokens.ANY.matcher(token).matches())
                .toList();
        assertThat(all).hasSize(19);
        for (String token : all) {
            assertThat(TOKENIZER.encode("a" + token + "b")).hasSize(3);
            assertThat(TOKENIZER.encodeOrdinary(token)).hasSizeGreaterThan(1);
        }
        assertThat(List.of(TOKENIZER.bosId(), TOKENIZER.eosId(), TOKENIZER.padId()))
                .containsExactly(0, 1, 2);
        assertThat(all).contains("<｜begin▁of▁sentence｜>", "<｜Assistant｜>", "</think>", "｜DSML｜", "<｜read_url｜>");
    }

    @Test
    void namedTokensAreThoseOfTheTinyModel() {
        Path here = Path.of("models/tiny-random/tokenizer.json");
        var tiny = Tokenizer.fromJson(Files.exists(here) ? here : Path.of("..").resolve(here));
        int shift = tiny.size() - TOKENIZER.size();
        for (int id = TOKENIZER.size() - AddedTokens.PROTOCOL.size(); id < TOKENIZER.size(); id++) {
            assertThat(TOKENIZER.token(id)).isEqualTo(tiny.token(id + shift));
        }
        for (int id = 0; id < 259; id++) {
            assertThat(TOKENIZER.token(id)).isEqualTo(tiny.token(id));
        }
    }

    @Provide
    Arbitrary<String> texts() {
        var pieces = Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(8),
                Arbitraries.strings().withCharRange('一', '龥').ofMaxLength(6),
                Arbitraries.of(
                        "🐙", "👩‍🔬", "é", "e\u0301", " deep", "2048", "\r\n", "  ", "ａ", "｜", "banana", "👍🏽"));
        return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
    }

    @Property(tries = 500)
    void anyTextComesBack(@ForAll("texts") String text) {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
        assertThat(TOKENIZER.decode(TOKENIZER.encode(text))).isEqualTo(wellFormed);
        assertThat(TOKENIZER.decode(TOKENIZER.encodeOrdinary(text))).isEqualTo(wellFormed);
    }

    @Property(tries = 30)
    void whateverItLearnsFromItsTextComesBack(@ForAll("texts") String text) {
        if (text.isEmpty()) {
            return;
        }
        var trained = TokenizerTrainer.train(Collections.nCopies(3, text).iterator(), 400);
        var tokenizer = load(trained);
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
        int[] ids = tokenizer.encode(text);
        assertThat(tokenizer.decode(ids)).isEqualTo(wellFormed);
        assertThat(Arrays.stream(ids)).allMatch(id -> id < tokenizer.size());
    }

    @Test
    void anImpossibleSizeOrNoTextIsRefused() {
        assertThatThrownBy(() -> TokenizerTrainer.train(CORPUS.iterator(), 100))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("a vocabulary of 100 entries");
        assertThatThrownBy(() -> TokenizerTrainer.train(Collections.emptyIterator(), 600))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("no text");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("missing").resolve("tokenizer.json");
        assertThatThrownBy(() -> TRAINED.write(file))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining(file.toString());
    }
}
