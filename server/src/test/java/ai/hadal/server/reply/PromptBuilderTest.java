package ai.hadal.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolChoice;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.engine.Tokenizers;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A remembered turn shows in the prompt as the tokens that were sampled, and changes nothing else of it.
class PromptBuilderTest {

    private static final Tokenizer TOKENIZER = Tokenizers.at(Path.of("../models/nano/tokenizer.json"));

    private static final Message ASKED = new Message.User("Add and multiply.");
    private static final Message ADDED = new Message.Tool("add", "the sum");
    private static final Message MULTIPLIED = new Message.Tool("multiply", "the product");

    private static Message calls(String first, String second) {
        return new Message.Assistant(
                "", "", List.of(new ToolCall(first, first, "{}"), new ToolCall(second, second, "{\"n\": 1.0}")));
    }

    private static final int[] SAMPLED = TOKENIZER.encode("as it was said");

    /// Builds a prompt for messages, of which the one at an index is remembered, and checks its tokens.
    ///
    /// @return the text of the prompt behind that message
    private static String behind(int index, Message... messages) {
        var all = List.of(messages);
        var memory = new TurnMemory(1 << 20);
        memory.remember(ConversationKey.after(all).get(index), new RememberedTurn("", new int[0], SAMPLED));
        var request = new ChatRequest(
                all,
                List.of(),
                new ToolChoice.None(),
                true,
                Format.FREE,
                ThinkingMode.NON_THINK,
                -1,
                new Settings(SamplingOptions.greedy(), 1, List.of(), 1, -1, 0));
        int[] ids = new PromptBuilder(TOKENIZER, memory, false).build(request).ids();

        var forgotten = ChatPrompt.of(all, ThinkingMode.NON_THINK);
        var said = forgotten.said().stream()
                .filter(one -> one.message() == index)
                .findFirst()
                .orElseThrow();
        int[] before = forgotten.ids(TOKENIZER, 0, said.answerStart());
        int[] after =
                forgotten.ids(TOKENIZER, said.answerEnd(), forgotten.text().length());
        assertThat(ids)
                .containsExactly(Stream.of(before, SAMPLED, after)
                        .flatMapToInt(IntStream::of)
                        .toArray());
        return TOKENIZER.decode(after);
    }

    @Test
    void resultsComeInTheOrderOfTheCalls() {
        assertThat(behind(1, ASKED, calls("add", "multiply"), MULTIPLIED, ADDED))
                .containsSubsequence("the sum", "the product");
        assertThat(behind(1, ASKED, calls("multiply", "add"), MULTIPLIED, ADDED))
                .containsSubsequence("the product", "the sum");
    }

    @Test
    void whatAUserSaysBetweenThemDoesNotHinderThat() {
        assertThat(behind(1, ASKED, calls("add", "multiply"), MULTIPLIED, new Message.User("Well?"), ADDED))
                .containsSubsequence("the sum", "Well?", "the product");
    }

    /// Some clients number the calls of each turn anew.
    @Test
    void callsOfAnEarlierTurnDoNotCount() {
        assertThat(behind(
                        4,
                        ASKED,
                        calls("multiply", "add"),
                        MULTIPLIED,
                        ADDED,
                        calls("add", "multiply"),
                        MULTIPLIED,
                        ADDED))
                .containsSubsequence("the sum", "the product");
    }
}
