package ai.hadal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.Conversation.Entry;
import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.Task;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import ai.hadal.error.HadalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class ConversationFileTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("talk.json");
    }

    @Test
    void everyKindOfMessageComesBack() {
        var tool = ToolDefinition.parse("{\"name\": \"depth\", \"parameters\": {\"type\": \"object\"}}");
        var format = JsonNodeFactory.instance.objectNode().put("type", "object");
        var history = List.of(
                new Entry(new Message.System("Be brief.", List.of(tool), format, null), false),
                new Entry(new Message.Developer("Look it up."), false),
                new Entry(new Message.User("How deep?\u001b[2m \"quoted\" 深"), false),
                new Entry(
                        new Message.User(
                                List.of(new ContentBlock.Text("one"), new ContentBlock.Text("two")), Task.QUERY),
                        false),
                new Entry(new Message.Reminder("It is Monday."), false),
                new Entry(
                        new Message.Assistant(
                                "", "I look.", List.of(new ToolCall("call_1_0", "depth", "{\"sea\": \"Kara\"}"))),
                        false),
                new Entry(new Message.Tool("call_1_0", "620 m"), false),
                new Entry(new Message.Assistant("It is", "", List.of(), true, null), true),
                new Entry(new Message.Other("direct_search_results", null), false));
        ConversationFile.save(file, history, ThinkingMode.MAX);
        assertThat(ConversationFile.load(file)).isEqualTo(new ConversationFile.Saved(history, ThinkingMode.MAX));
    }

    @Test
    void savingReplacesTheFileAndLeavesNothingElse() throws IOException {
        Files.writeString(file, "old");
        ConversationFile.save(file, List.of(), ThinkingMode.NON_THINK);
        assertThat(folder).isDirectoryContaining(f -> f.equals(file));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(ConversationFile.load(file).history()).isEmpty();
    }

    @Test
    void aListOfMessagesIsAConversationToo() throws IOException {
        Files.writeString(file, "[{\"role\": \"user\", \"content\": \"Hello\"}]");
        assertThat(ConversationFile.load(file))
                .isEqualTo(new ConversationFile.Saved(
                        List.of(new Entry(new Message.User("Hello"), false)), ThinkingMode.NON_THINK));
    }

    @Test
    void whatIsNoConversationIsRefusedInOneSentence() throws IOException {
        refused("there is no file " + file);
        Files.writeString(file, "{\"messages\": [");
        refused("it is no JSON");
        Files.writeString(file, "{\"text\": \"Hello\"}");
        refused("it has no list of messages");
        Files.writeString(file, "[1]");
        refused("messages[0] is a JSON");
        Files.writeString(file, "{\"version\": 2, \"messages\": []}");
        refused("newer Hadal");
        Files.writeString(file, "{\"mode\": \"deep\", \"messages\": []}");
        refused("its mode is 'deep'");
        Files.write(file, new byte[] {'[', (byte) 0xff});
        refused("cannot read");
    }

    private void refused(String part) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> ConversationFile.load(file))
                .withMessageContaining(part)
                .withMessageContaining(file.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> ConversationFile.save(folder.resolve("none/talk.json"), List.of(), ThinkingMode.HIGH))
                .withMessageContaining("none");
    }
}
