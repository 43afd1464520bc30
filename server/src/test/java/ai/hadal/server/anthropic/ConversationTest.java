package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ToolCall;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Messages of requests as the model knows them.
class ConversationTest {

    private static List<Message> read(String body) {
        return Conversation.read(new Fields(JsonMapper.shared().readTree(body), ""));
    }

    private static List<Message> messages(String messages) {
        return read("{\"messages\": " + messages + "}");
    }

    @Test
    void textIsTextInEitherForm() {
        var whole = read("""
            {"system": "Be brief.", "messages": [
              {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"},
              {"role": "user", "content": "Well?"}]}""");
        var blocks = read("""
            {"system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}], "messages": [
              {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
              {"role": "assistant", "content": [{"type": "text", "text": "H"}, {"type": "text", "text": "o"}]},
              {"role": "user", "content": [{"type": "text", "text": "Well?", "citations": null}]}]}""");
        assertThat(whole)
                .isEqualTo(blocks)
                .containsExactly(
                        new Message.System("Be brief."),
                        new Message.User("Hi"),
                        new Message.Assistant("Ho"),
                        new Message.User("Well?"));
    }

    @Test
    void turnsOfOneSideAreOne() {
        assertThat(messages("""
            [{"role": "user", "content": "a"}, {"role": "user", "content": "b"},
             {"role": "assistant", "content": "c"}, {"role": "assistant", "content": "d"},
             {"role": "user", "content": "e"}]"""))
                .containsExactly(
                        new Message.User(List.of(new ContentBlock.Text("a"), new ContentBlock.Text("b")), null),
                        new Message.Assistant("cd"),
                        new Message.User("e"));
    }

    @Test
    void instructionsStandFirstOrInTheTurn() {
        assertThat(read("""
            {"system": "a", "messages": [
              {"role": "system", "content": "b"}, {"role": "user", "content": "c"},
              {"role": "system", "content": [{"type": "text", "text": "d"}]}]}"""))
                .containsExactly(
                        new Message.System("a\n\nb"),
                        new Message.User(List.of(new ContentBlock.Text("c"), new ContentBlock.Text("d")), null));
    }

    @Test
    void billingIsNoInstruction() {
        assertThat(read("""
            {"system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=1; cch=5f2;"},
                        {"type": "text", "text": "Be brief."}],
             "messages": [{"role": "user", "content": "Hi"}]}""")).startsWith(new Message.System("Be brief."));
    }

    @Test
    void reasoningAndCallsBelongToTheTurn() {
        assertThat(messages("""
            [{"role": "user", "content": "a"},
             {"role": "assistant", "content": [
               {"type": "thinking", "thinking": "hm", "signature": "of another server"},
               {"type": "redacted_thinking", "data": "abc"},
               {"type": "text", "text": "Look."},
               {"type": "tool_use", "id": "t1", "name": "f", "input": {"x": 1}},
               {"type": "tool_use", "id": "t2", "name": "g", "input": {}, "caller": {"type": "direct"}}]},
             {"role": "user", "content": [
               {"type": "tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "two"},
                 {"type": "image", "source": {}}]},
               {"type": "text", "text": "and?"},
               {"type": "tool_result", "tool_use_id": "t1"}]}]"""))
                .containsExactly(
                        new Message.User("a"),
                        new Message.Assistant(
                                "Look.",
                                "hm",
                                List.of(new ToolCall("t1", "f", "{\"x\":1}"), new ToolCall("t2", "g", "{}"))),
                        new Message.Tool("t1", ""),
                        new Message.Tool(
                                "t2", List.of(new ContentBlock.Text("two"), new ContentBlock.Unsupported("image"))),
                        new Message.User("and?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                "no such file"               | Error: no such file
                "error: no such file"        | error: no such file
                ""                           | 'Error: '
                []                           | Error
                [{"type": "image"}]          | Error:
                """)
    void theModelReadsThatACallFailed(String content, String text) {
        var messages = messages("""
            [{"role": "user", "content": "a"},
             {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "f", "input": {}}]},
             {"role": "user", "content": [
               {"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": %s}]}]""".formatted(content));
        assertThat(((Message.Tool) messages.getLast()).content()).startsWith(new ContentBlock.Text(text));
    }

    @Test
    void documentsOfTextAndFoundTextsAreRead() {
        assertThat(messages("""
            [{"role": "user", "content": [
               {"type": "document", "title": "T", "source": {"type": "text", "media_type": "text/plain", "data": "a"}},
               {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "b"}]}}]},
             {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "f", "input": {}}]},
             {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": [
               {"type": "search_result", "source": "s", "title": "T", "content": [{"type": "text", "text": "c"}]},
               {"type": "document", "source": {"type": "base64", "data": ""}}]}]}]"""))
                .containsExactly(
                        new Message.User(List.of(new ContentBlock.Text("T\na"), new ContentBlock.Text("b")), null),
                        new Message.Assistant("", "", List.of(new ToolCall("t1", "f", "{}"))),
                        new Message.Tool(
                                "t1",
                                List.of(new ContentBlock.Text("T\ns\nc"), new ContentBlock.Unsupported("document"))));
    }

    @Test
    void anAnswerAtTheEndIsContinued() {
        assertThat(messages("""
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "Once upon"}]""")).endsWith(new Message.Assistant("Once upon", "", List.of(), true, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                []                                                                       | messages
                [{"content": "a"}]                                                       | messages[0].role
                [{"role": "robot", "content": "a"}]                                      | messages[0].role
                [{"role": "user"}]                                                       | messages[0].content
                [{"role": "user", "content": 3}]                                         | messages[0].content
                [{"role": "user", "content": [3]}]                                       | messages[0].content[0]
                [{"role": "user", "content": [{"text": "a"}]}]                           | messages[0].content[0].type
                [{"role": "user", "content": [{"type": "text"}]}]                        | messages[0].content[0].text
                [{"role": "user", "content": [{"type": "image", "source": {}}]}]         | messages[0].content[0].type
                [{"role": "user", "content": [{"type": "document", "source": {}}]}]      | messages[0].content[0].type
                [{"role": "assistant", "content": [{"type": "server_tool_use"}]}]        | messages[0].content[0].type
                [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "x"}]}] | messages[0].content[0].tool_use_id
                [{"role": "assistant", "content": [{"type": "tool_use", "id": "x", "name": "f", "input": "y"}]}] | messages[0].content[0].input
                [{"role": "assistant", "content": [{"type": "tool_use", "id": "x", "name": "f", "input": {}}]}] | messages
                """)
    void whatIsWrongIsNamed(String messages, String place) {
        assertThatThrownBy(() -> messages(messages))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.parameter()).isEqualTo(place));
    }
}
