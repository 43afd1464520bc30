package ai.hadal.train.data;

import static ai.hadal.train.data.Tokenizing.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSourcesTest {

    private static final String GOOD =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"深?\"},{\"role\":\"assistant\",\"content\":\"%s\"}]}";

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data"), text);
    }

    private static List<String> epoch(DataSource source, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> Tokenizing.learnt(source.documents(i, 100).getFirst()))
                .toList();
    }

    @Test
    void eachEpochGivesEveryConversationOnceInANewOrder() throws IOException {
        String lines = IntStream.range(0, 30)
                .mapToObj(i -> GOOD.formatted("answer " + i) + (i % 3 == 0 ? "\r\n\n" : "\n"))
                .collect(Collectors.joining());
        var chats = ChatFile.open(file(lines.strip()));
        assertThat(chats.size()).isEqualTo(30);
        var source = new ChatFileSource(TINY, chats, 4);
        var first = epoch(source, 0, 30);
        var second = epoch(source, 30, 30);
        assertThat(first).doesNotHaveDuplicates().hasSize(30).isNotEqualTo(second);
        assertThat(second).containsExactlyInAnyOrderElementsOf(first);
        assertThat(epoch(new ChatFileSource(TINY, chats, 4), 0, 30)).isEqualTo(first);
        assertThat(epoch(new ChatFileSource(TINY, chats, 5), 0, 30)).isNotEqualTo(first);
    }

    @Test
    void modeAndToolsComeFromTheLine() throws IOException {
        var chats = ChatFile.open(file("""
                {"mode":"max","messages":[{"role":"assistant","content":"a"}]}
                {"messages":[{"role":"assistant","content":"a","reasoning_content":"b"}]}
                {"messages":[{"role":"assistant","content":"a"}],"tools":[{"type":"function","function":{"name":"f"}}]}
                """));
        assertThat(IntStream.range(0, 3).mapToObj(i -> chats.chat(i).mode()))
                .containsExactly(ThinkingMode.MAX, ThinkingMode.HIGH, ThinkingMode.NON_THINK);
        assertThat(chats.chat(2).messages().getFirst())
                .isInstanceOfSatisfying(
                        Message.System.class,
                        system -> assertThat(system.tools()).hasSize(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"messages\":                                       | it is not valid JSON at column",
                "{\"messages\":[]} x                                  | it is not valid JSON",
                "[]                                                   | it has no list `messages`",
                "{\"messages\":[7]}                                   | messages[0] is a JSON int",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | it has no message of the role assistant",
                "{\"mode\":\"low\",\"messages\":[{\"role\":\"assistant\"}]} | there is no mode \"low\"",
                "{\"messages\":[{\"role\":\"pilot\"},{\"role\":\"assistant\"}]} | messages[0] has the unknown role",
            })
    void aWrongLineIsNamed(String line, String cause) throws IOException {
        var chats = ChatFile.open(file(GOOD.formatted("a") + "\n\n" + line + "\n"));
        var source = new ChatFileSource(TINY, chats, 0);
        assertThatThrownBy(() -> epoch(source, 0, 2))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith(folder.resolve("data") + ", line 3: " + cause);
    }

    @Test
    void filesWithoutDataAreRefused() throws IOException {
        Path blank = file(" \n\n");
        assertThatThrownBy(() -> ChatFile.open(blank)).hasMessageContaining("has no conversation");
        assertThatThrownBy(() -> TextFile.open(blank, 100)).hasMessageContaining("has no text");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ChatFile.open(missing)).isInstanceOf(HadalException.class);
        assertThatThrownBy(() -> TextFile.open(missing, 100)).isInstanceOf(HadalException.class);
    }

    @Test
    void aTextIsCutBetweenParagraphs() throws IOException {
        var parts = parts("one\n\ntwo\nstill two\n \nthree\n\n\nfour is the long\nand has lines\n\nfive", 20);
        assertThat(parts).containsExactly("one", "two\nstill two", "three", "four is the long\nand has lines", "five");
        assertThat(parts("one\n\ntwo\n\nthree", 10)).containsExactly("one\n\ntwo", "three");
        assertThat(parts("one\n\ntwo\n\nthree\n", 100)).containsExactly("one\n\ntwo\n\nthree");
        assertThat(parts("深\n".repeat(30), 40)).hasSizeBetween(3, 4).allMatch(part -> part.length() <= 23);
    }

    private List<String> parts(String text, int partBytes) throws IOException {
        var file = TextFile.open(file(text), partBytes);
        return IntStream.range(0, file.size()).mapToObj(file::part).toList();
    }

    @Test
    void aTextThatIsNotUtf8IsRefused() throws IOException {
        Path file = Files.write(folder.resolve("data"), new byte[] {'a', (byte) 0xff});
        var text = TextFile.open(file, 100);
        assertThatThrownBy(() -> text.part(0)).hasMessageContaining("is not UTF-8");
    }

    @Test
    void longTextsFillPacksPieceByPiece() throws IOException {
        String text = "The sea is deep and dark, and few have seen its floor. ".repeat(30);
        var packer = new Packer(new TextFileSource(TINY, TextFile.open(file(text), 1 << 20), 0), 32);
        var ids = new ArrayList<Integer>();
        while (ids.isEmpty() || ids.getLast() != TINY.eosId()) {
            for (Document piece : packer.nextPack()) {
                for (int i = piece.ids()[0] == TINY.bosId() ? 0 : 1; i < piece.length(); i++) {
                    ids.add(piece.ids()[i]);
                }
            }
        }
        assertThat(TINY.decode(ids.stream().mapToInt(id -> id).toArray(), true)).isEqualTo(text.strip());
    }
}
