package ai.hadal.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One message of a conversation, as callers write it. [ChatEncoder] merges tool results and consecutive user
/// messages into turns. Every role but [Tool] may carry a quick-instruction [Task].
public sealed interface Message {

    /// The quick-instruction task of this message.
    @Nullable
    Task task();

    /// Standing instructions, with the tools and the JSON Schema of the reply if there are any.
    @SuppressWarnings("JavaLangClash") // the protocol's own name of the role
    record System(
            String content,
            List<ToolDefinition> tools,
            @Nullable JsonNode responseFormat,
            @Nullable Task task) implements Message {

        public System {
            tools = List.copyOf(tools);
        }

        public System(String content) {
            this(content, List.of(), null, null);
        }

        public System(String content, List<ToolDefinition> tools) {
            this(content, tools, null, null);
        }
    }

    /// A developer's instructions in the place of a user turn; the content must not be empty. In a thinking mode
    /// that drops old reasoning only those from the last user turn on are shown.
    record Developer(
            String content,
            List<ToolDefinition> tools,
            @Nullable JsonNode responseFormat,
            @Nullable Task task) implements Message {

        public Developer {
            tools = List.copyOf(tools);
        }

        public Developer(String content) {
            this(content, List.of(), null, null);
        }
    }

    record User(List<ContentBlock> content, @Nullable Task task) implements Message {

        public User {
            content = List.copyOf(content);
        }

        public User(String content) {
            this(content, null);
        }

        public User(String content, @Nullable Task task) {
            this(List.of(new ContentBlock.Text(content)), task);
        }
    }

    /// Facts of the moment, such as date and place, which a front end refreshes on every request.
    record Reminder(String content, @Nullable Task task) implements Message {

        public Reminder(String content) {
            this(content, null);
        }
    }

    /// What the model said.
    ///
    /// @param open the turn does not end here: the prompt stops after this message and the model continues it
    record Assistant(
            String content,
            String reasoning,
            List<ToolCall> toolCalls,
            boolean open,
            @Nullable Task task) implements Message {

        public Assistant {
            toolCalls = List.copyOf(toolCalls);
        }

        public Assistant(String content) {
            this(content, "", List.of());
        }

        public Assistant(String content, String reasoning, List<ToolCall> toolCalls) {
            this(content, reasoning, toolCalls, false, null);
        }
    }

    /// The result of a call. Results are put into the order of the calls they answer.
    ///
    /// @param callId the [ToolCall#id] it answers, "" if unknown
    record Tool(String callId, List<ContentBlock> content) implements Message {

        public Tool {
            content = List.copyOf(content);
        }

        public Tool(String callId, String content) {
            this(callId, List.of(new ContentBlock.Text(content)));
        }

        @Override
        public @Nullable Task task() {
            return null;
        }
    }

    /// A role the encoding has no text for. Before the last user turn of a thinking conversation it is passed over,
    /// elsewhere it is refused.
    record Other(String role, @Nullable Task task) implements Message {}
}
