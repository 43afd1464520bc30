package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatEncoderTest {

    private static final List<Message> QUESTION = List.of(new Message.System("Be brief."), new Message.User("Why?"));

    private static String encode(ThinkingMode mode, Message... messages) {
        return ChatPrompt.of(List.of(messages), mode).text();
    }

    @Test
    void theModeDecidesHowTheReplyOpens() {
        var direct = ChatPrompt.of(QUESTION, ThinkingMode.NON_THINK);
        var thinking = ChatPrompt.of(QUESTION, ThinkingMode.HIGH);
        var most = ChatPrompt.of(QUESTION, ThinkingMode.MAX);

        assertPrompt(direct, "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Why?<｜Assistant｜></think>", false);
        assertPrompt(thinking, "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Why?<｜Assistant｜><think>", true);
        assertThat(most.text())
                .startsWith("<｜begin▁of▁sentence｜>Reasoning Effort: Absolute maximum")
                .endsWith("left unchecked.\n\nBe brief.<｜User｜>Why?<｜Assistant｜><think>");
        assertThat(most.opensReasoning()).isTrue();
    }

    @Test
    void aContinuedReplyDoesNotReasonAnew() {
        var prompt = ChatPrompt.of(
                List.of(new Message.User("Why?"), new Message.Assistant("Beca", "hm", List.of(), true, null)),
                ThinkingMode.HIGH);

        assertPrompt(prompt, "<｜begin▁of▁sentence｜><｜User｜>Why?<｜Assistant｜><think>hm</think>Beca", false);
    }

    @Test
    void thePromptKnowsWhereItTellsWhatTheModelSaid() {
        var call = new ToolCall("c1", "f", "{}");
        var messages = ChatPrompt.withTools(
                List.of(
                        new Message.User("Why?"),
                        new Message.Assistant("So.", "hm", List.of(call)),
                        new Message.Tool("c1", "7"),
                        new Message.Assistant("Seven.", "well", List.of())),
                List.of(ToolDefinition.parse("{\"name\":\"f\"}")));
        var prompt = ChatPrompt.of(messages, ThinkingMode.HIGH);

        assertThat(prompt.said()).extracting(ChatPrompt.Said::message).containsExactly(2, 4);
        var first = prompt.said().getFirst();
        String text = prompt.text();
        assertThat(text.substring(first.reasoningStart(), first.reasoningEnd())).isEqualTo("hm");
        assertThat(text.substring(first.answerStart(), first.answerEnd()))
                .startsWith("So.\n\n<｜DSML｜tool_calls>")
                .endsWith("</｜DSML｜tool_calls>");
        assertThat(text.substring(first.answerEnd())).startsWith("<｜end▁of▁sentence｜>");
        assertThat(ChatPrompt.of(messages.subList(1, 5), ThinkingMode.NON_THINK).said())
                .noneMatch(ChatPrompt.Said::reasons);
    }

    private static void assertPrompt(ChatPrompt prompt, String text, boolean opensReasoning) {
        assertThat(prompt.text()).isEqualTo(text);
        assertThat(prompt.opensReasoning()).isEqualTo(opensReasoning);
    }

    @Test
    void aTaskAsksForItsOutputOnly() {
        var prompt = ChatPrompt.of(List.of(new Message.User("Why?", Task.ACTION)), ThinkingMode.HIGH);

        assertPrompt(prompt, "<｜begin▁of▁sentence｜><｜User｜>Why?<｜Assistant｜><think><｜action｜>", false);
    }

    @Test
    void aContextIsNotPrintedAgain() {
        var options = ChatOptions.of(ThinkingMode.HIGH).withDropThinking(false);
        List<Message> more = List.of(new Message.Assistant("So.", "hm", List.of()), new Message.User("But?"));

        String first = ChatEncoder.encode(QUESTION, options).text();
        String second = ChatEncoder.encode(QUESTION, more, options).text();
        List<Message> all = List.of(QUESTION.get(0), QUESTION.get(1), more.get(0), more.get(1));

        assertThat(first + second).isEqualTo(ChatEncoder.encode(all, options).text());
        assertThat(ChatEncoder.encode(all, options.withBeginOfSentence(false)).text())
                .startsWith("Be brief.")
                .endsWith(second);
    }

    @Test
    void aReplyBecomesTheNextMessage() {
        var tool = ToolDefinition.parse("{\"name\":\"f\"}");
        var messages = ChatPrompt.withTools(List.of(new Message.User("Why?")), List.of(tool));
        var prompt = ChatPrompt.of(messages, ThinkingMode.HIGH);
        String completion = """
            look it up</think>Wait.

            <｜DSML｜tool_calls>
            <｜DSML｜invoke name="f">
            <｜DSML｜parameter name="q" string="true">a "b"
            </｜DSML｜parameter>
            <｜DSML｜parameter name="n" string="false">[1, 2.5]</｜DSML｜parameter>
            </｜DSML｜invoke>
            </｜DSML｜tool_calls>\
            """ + Markers.END_OF_SENTENCE;

        Reply reply = prompt.parse(completion);
        var turn = List.of(messages.get(0), messages.get(1), reply.toMessage());

        assertThat(reply)
                .isEqualTo(new Reply(
                        "Wait.",
                        "look it up",
                        List.of(new ToolCall(null, "f", "{\"q\": \"a \\\"b\\\"\\n\", \"n\": [1, 2.5]}"))));
        assertThat(ChatPrompt.of(turn, ThinkingMode.HIGH).text()).isEqualTo(prompt.text() + completion);
    }

    @Test
    void aPromptKnowsHowToReadItsReplyAsItComes() {
        var transcript = new Transcript();
        var stream = ChatPrompt.of(QUESTION, ThinkingMode.HIGH).replyStream();

        stream.accept("hm</think>So.", transcript);
        stream.finish(true, transcript);
        assertThat(transcript.reply()).isEqualTo(new Reply("So.", "hm", List.of()));
    }

    @Test
    void toolsGoIntoTheFirstSystemMessage() {
        var one = ToolDefinition.parse("{\"name\": \"one\"}");
        var two = ToolDefinition.parse("{\"name\": \"two\"}");

        assertThat(ChatPrompt.withTools(
                        List.of(new Message.System("s", List.of(one)), new Message.User("x")), List.of(two)))
                .containsExactly(new Message.System("s", List.of(one, two)), new Message.User("x"));
        assertThat(ChatPrompt.withTools(List.of(new Message.User("x")), List.of(two)))
                .containsExactly(new Message.System("", List.of(two)), new Message.User("x"));
    }

    @Test
    void invalidArgumentsAreOneParameter() {
        assertThat(encode(
                        ThinkingMode.NON_THINK,
                        new Message.User("x"),
                        new Message.Assistant("", "", List.of(new ToolCall(null, "f", "{not json")))))
                .contains("<｜DSML｜parameter name=\"arguments\" string=\"true\">{not json</｜DSML｜parameter>");
    }

    @Test
    void refusalsNameThePlaceAndTheFix() {
        assertThatThrownBy(() -> encode(ThinkingMode.HIGH, new Message.User("x"), new Message.Other("critic", null)))
                .isInstanceOf(HadalException.class)
                .hasMessage(
                        "messages[1] has the unknown role 'critic': use system, developer, user, assistant, tool or "
                                + "latest_reminder");
        assertThatThrownBy(() -> encode(ThinkingMode.HIGH, new Message.Developer("")))
                .hasMessage(
                        "messages[0].content is empty, which a developer message must not be: write the instructions "
                                + "or leave it out");
        assertThatThrownBy(() -> encode(ThinkingMode.HIGH, new Message.User("x", new Task("nope"))))
                .hasMessage("messages[0].task is 'nope', which the model does not know: use one of action, query, "
                        + "authority, domain, title, read_url");
        assertThatThrownBy(() -> encode(
                        ThinkingMode.HIGH, new Message.Assistant("", "", List.of(new ToolCall(null, "f", "[1]")))))
                .hasMessage("messages[0]: the arguments of the call of 'f' are JSON of type list: give an object of "
                        + "parameters");
        assertThatThrownBy(() -> ChatEncoder.encode(
                        QUESTION,
                        List.of(new Message.User(List.of(new ContentBlock.Unsupported("image_url")), null)),
                        ChatOptions.of(ThinkingMode.HIGH)))
                .hasMessage("messages[0].content is of type image_url, but the model reads only text: send a string or "
                        + "text parts");
    }
}
