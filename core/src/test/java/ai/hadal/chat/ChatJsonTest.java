package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatJsonTest {

    private static List<Message> read(String json) {
        return ChatJson.messages(PythonJson.parse("test", json));
    }

    @Test
    void readsEveryRole() {
        var format = PythonJson.parse("test", "{\"type\": \"object\"}");
        var tool = ToolDefinition.parse("{\"name\": \"f\"}");

        assertThat(read("""
            [{"role": "system", "content": null, "tools": [{"type": "function", "function": {"name": "f"}}],
              "response_format": {"type": "object"}},
             {"role": "developer", "content": "d", "response_format": {}},
             {"role": "latest_reminder", "content": "now"},
             {"role": "user", "content": "u", "task": "title"},
             {"role": "assistant", "content": "a", "reasoning_content": "r", "wo_eos": true, "tool_calls": [
                {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                {"type": "function", "function": {"id": "2", "name": "g", "arguments": {"a": 1}}}]},
             {"role": "tool", "content": "t", "tool_call_id": "1"},
             {"role": "critic", "content": "c"}]
            """))
                .containsExactly(
                        new Message.System("", List.of(tool), format, null),
                        new Message.Developer("d"),
                        new Message.Reminder("now"),
                        new Message.User("u", Task.TITLE),
                        new Message.Assistant(
                                "a",
                                "r",
                                List.of(
                                        new ToolCall("1", "f", "{}"),
                                        new ToolCall("2", "g", "{\"arguments\": {\"a\": 1}}")),
                                true,
                                null),
                        new Message.Tool("1", "t"),
                        new Message.Other("critic", null));
    }

    @Test
    void contentMayBeAListOfParts() {
        var parts = "[{\"type\": \"text\", \"text\": \"one\"}, {\"type\": \"image_url\"}]";
        List<ContentBlock> blocks = List.of(new ContentBlock.Text("one"), new ContentBlock.Unsupported("image_url"));

        assertThat(read("[{\"role\": \"user\", \"content\": " + parts + "}, {\"role\": \"tool\", \"content\": " + parts
                        + "}, {\"role\": \"system\", \"content\": " + parts + "}]"))
                .containsExactly(
                        new Message.User(blocks, null),
                        new Message.Tool("", blocks),
                        new Message.System("one\n\n[Unsupported image_url]"));
    }

    @Test
    void readsTools() {
        assertThat(ChatJson.tools(PythonJson.parse("test", "[{\"function\": {\"name\": \"f\"}}]")))
                .containsExactly(ToolDefinition.parse("{\"name\": \"f\"}"));
    }

    @Test
    void wrongShapesAreNamed() {
        assertThatThrownBy(() -> read("{}"))
                .isInstanceOf(HadalException.class)
                .hasMessage("messages is a JSON dict: give a list");
        assertThatThrownBy(
                        () -> read("[{\"role\": \"assistant\", \"tool_calls\": [{\"function\": {\"name\": \"f\"}}]}]"))
                .hasMessage("messages[0].tool_calls[0].function has no field 'arguments': add it");
        assertThatThrownBy(() -> read("[{\"role\": \"system\", \"tools\": [{}]}]"))
                .hasMessage("messages[0].tools[0] has no field 'function': add it");
        assertThatThrownBy(() -> read("[{\"role\": \"system\", \"tools\": {\"name\": \"f\"}}]"))
                .hasMessage("messages[0].tools is a JSON dict: give a list");
    }
}
