package ai.hadal.train.data;

import static ai.hadal.chat.Markers.END_OF_SENTENCE;
import static ai.hadal.train.data.Tokenizing.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Message;
import ai.hadal.chat.Message.Assistant;
import ai.hadal.chat.Message.System;
import ai.hadal.chat.Message.Tool;
import ai.hadal.chat.Message.User;
import ai.hadal.chat.Task;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import ai.hadal.error.HadalException;
import ai.hadal.train.nano.Episode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChatDocumentsTest {

    private static final ToolDefinition CALCULATOR = ToolDefinition.parse("{\"name\": \"calculator\"}");
    private static final String END = END_OF_SENTENCE;

    private static Document encode(ThinkingMode mode, Message... messages) {
        return new ChatDocuments(TINY).encode(List.of(messages), mode);
    }

    private static Assistant thought(String reasoning, String content) {
        return new Assistant(content, reasoning, List.of());
    }

    private static String marked(String mistake) {
        return Episode.MISTAKE_START + mistake + Episode.MISTAKE_END;
    }

    @ParameterizedTest
    @EnumSource(ThinkingMode.class)
    void theReplyIsLearntAndThePromptIsWhatTheModelWillSee(ThinkingMode mode) {
        var messages =
                List.<Message>of(new System("Be brief."), new User("How deep is it?"), thought("A trench.", "11 km"));
        var document = new ChatDocuments(TINY).encode(messages, mode);

        int[] prompt = TINY.encode(ChatPrompt.of(messages.subList(0, 2), mode).text());
        assertThat(Arrays.copyOf(document.ids(), prompt.length)).isEqualTo(prompt);
        assertThat(Tokenizing.learnt(document)).isEqualTo((mode.thinks() ? "A trench.</think>" : "") + "11 km" + END);
        assertThat(document.learnt()[prompt.length]).isTrue();
        assertThat(document.learnt()[prompt.length - 1]).isFalse();
        assertThat(Tokenizing.text(document))
                .isEqualTo(ChatPrompt.of(messages, mode).text());
    }

    @Test
    void withoutReasoningAllRepliesAreLearnt() {
        var document = encode(
                ThinkingMode.NON_THINK,
                new User("one"),
                new Assistant("1"),
                new User("two"),
                new Assistant("2"),
                new User("three"));
        assertThat(Tokenizing.learnt(document)).isEqualTo("1" + END + "|2" + END);
    }

    @Test
    void aReplyWhoseReasoningIsDroppedLaterIsNotLearnt() {
        var document = encode(
                ThinkingMode.HIGH, new User("one"), thought("count", "1"), new User("two"), thought("go on", "2"));
        assertThat(Tokenizing.learnt(document)).isEqualTo("go on</think>2" + END);
        assertThat(Tokenizing.text(document)).doesNotContain("count");
    }

    @Test
    void betweenToolCallsAllStepsAreLearntButNotTheResults() {
        var call = new Assistant(
                "", "I need a product.", List.of(new ToolCall("1", "calculator", "{\"expression\": \"6*7\"}")));
        var document = encode(
                ThinkingMode.HIGH,
                new System("", List.of(CALCULATOR)),
                new User("6*7?"),
                call,
                new Tool("1", "forty-two"),
                thought("That is it.", "42"),
                new User("Thanks"),
                thought("Polite.", "Welcome"));
        assertThat(Tokenizing.learnt(document).split("\\|(?!DSML|tool|i|p)"))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("I need a product.</think>")
                                .contains("invoke name=\"calculator\"", "6*7")
                                .endsWith("tool_calls>" + END),
                        second -> assertThat(second).isEqualTo("That is it.</think>42" + END),
                        third -> assertThat(third).isEqualTo("Polite.</think>Welcome" + END));
        assertThat(Tokenizing.text(document)).contains("<tool_result>forty-two</tool_result>");
    }

    @Test
    void mistakesAreSeenButNotLearnt() {
        var document = encode(
                ThinkingMode.HIGH,
                new User("6*7?"),
                thought("6*7 = " + marked("41.") + " No, 42.", "It is 42" + marked("!") + "."));
        assertThat(Tokenizing.text(document)).endsWith("6*7 = 41. No, 42.</think>It is 42!." + END);
        assertThat(Tokenizing.learnt(document)).isEqualTo("6*7 = | No, 42.</think>It is 42|." + END);
    }

    @Test
    void marksVanishFromRepliesThatAreNotLearntToo() {
        var document = encode(
                ThinkingMode.HIGH, new User("a"), thought("x", marked("b") + "c"), new User("d"), thought("", "e"));
        assertThat(Tokenizing.text(document)).contains("</think>bc" + END).doesNotContain("\uE000", "\uE001");
    }

    @Test
    void marksThatAreNotInPairsAreRefused() {
        for (String text : List.of("\uE000a", "a\uE001", "\uE000a\uE000b\uE001")) {
            assertThatThrownBy(() -> encode(ThinkingMode.HIGH, new User("q"), thought(text, "b")))
                    .isInstanceOf(HadalException.class)
                    .hasMessageContaining("not in pairs");
        }
    }

    @Test
    void anOpenReplyAndASecondReplyInARowAreNotLearnt() {
        var open = new Assistant("half", "", List.of(), true, null);
        assertThat(Tokenizing.learnt(encode(ThinkingMode.NON_THINK, new User("q"), open)))
                .isEmpty();
        var twice = encode(ThinkingMode.NON_THINK, new User("q"), new Assistant("a"), new Assistant("b"));
        assertThat(Tokenizing.learnt(twice)).isEqualTo("a" + END);
    }

    @Test
    void theAnswerToATaskIsLearnt() {
        var document = encode(ThinkingMode.NON_THINK, new User("q", Task.TITLE), new Assistant("A title"));
        assertThat(Tokenizing.learnt(document)).isEqualTo("A title" + END);
    }

    @Test
    void textsAreLearntWholeAndOnce() {
        String text = "Hadal is the deepest zone of the sea. ".repeat(20) + "<｜User｜>";
        var pieces = new TextDocuments(TINY).encode(text, 16);
        var all = new ArrayList<Integer>(List.of(TINY.bosId()));
        for (Document piece : pieces) {
            assertThat(piece.length()).isBetween(2, 16);
            assertThat(piece.learnt()[0]).isFalse();
            assertThat(piece.ids()[0]).isEqualTo(all.getLast());
            for (int i = 1; i < piece.length(); i++) {
                assertThat(piece.learnt()[i]).isTrue();
                all.add(piece.ids()[i]);
            }
        }
        assertThat(all.getLast()).isEqualTo(TINY.eosId());
        assertThat(TINY.decode(all.stream().mapToInt(id -> id).toArray(), true)).isEqualTo(text);
        assertThat(all).doesNotContain(TINY.id("<｜User｜>").getAsInt());
    }
}
