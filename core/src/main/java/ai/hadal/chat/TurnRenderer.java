package ai.hadal.chat;

import ai.hadal.chat.ChatException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Prints turns (report, section 16.2). One renderer prints one prompt.
final class TurnRenderer {

    private static final String MAXIMUM_EFFORT = """
        Reasoning Effort: Absolute maximum with no shortcuts permitted.
        You MUST be very thorough in your thinking and comprehensively decompose the problem to resolve the root \
        cause, rigorously stress-testing your logic against all potential paths, edge cases, and adversarial \
        scenarios.
        Explicitly write out your entire deliberation process, documenting every intermediate step, considered \
        alternative, and rejected hypothesis to ensure absolutely no assumption is left unchecked.

        """;

    private static final String RESPONSE_FORMAT = """
        ## Response Format:

        You MUST strictly adhere to the following schema to reply:
        """;

    private static final String PARAGRAPH = "\n\n";

    private final List<Turn> turns;
    private final ThinkingMode mode;
    private final boolean dropThinking;
    private final int contextSize;
    private final int lastPrompting;
    private final PromptText out = new PromptText();
    private final List<ChatPrompt.Said> said = new ArrayList<>();
    private boolean opensReasoning;

    /// @param contextSize number of messages before the first of this request, to name places in errors
    TurnRenderer(List<Turn> turns, ThinkingMode mode, boolean dropThinking, int contextSize) {
        this.turns = turns;
        this.mode = mode;
        this.dropThinking = dropThinking;
        this.contextSize = contextSize;
        this.lastPrompting = Turn.lastPrompting(turns);
    }

    /// Prints the turns from `first` on.
    ChatPrompt render(int first, boolean beginOfSentence) {
        if (beginOfSentence) {
            out.own(Markers.BEGIN_OF_SENTENCE);
        }
        for (int i = first; i < turns.size(); i++) {
            render(i);
        }
        return new ChatPrompt(out.toString(), opensReasoning, said, out.contents());
    }

    private void render(int i) {
        if (i == 0 && mode == ThinkingMode.MAX) {
            out.own(MAXIMUM_EFFORT);
        }
        opensReasoning = false;
        Turn turn = turns.get(i);
        switch (turn) {
            case Turn.User user -> {
                out.own(Markers.USER);
                blocks(user.blocks());
            }
            case Turn.Single(int position, Message message) -> {
                switch (message) {
                    case Message.System system -> {
                        out.content(system.content());
                        attachments(system.tools(), system.responseFormat());
                    }
                    case Message.Developer developer -> developer(developer, position);
                    case Message.Reminder reminder ->
                        out.own(Markers.LATEST_REMINDER).content(reminder.content());
                    case Message.Assistant assistant -> assistant(assistant, i);
                    case Message.Other other ->
                        throw new ChatException(
                                new Problem.UnknownRole(other.role()),
                                ("%s has the unknown role '%s': use system, developer, user, assistant, tool or "
                                                + "latest_reminder")
                                        .formatted(place(position), other.role()));
                    case Message.User _, Message.Tool _ ->
                        throw new IllegalStateException("user and tool messages are merged into user turns");
                }
            }
        }
        if (i + 1 == turns.size() || isAnswer(turns.get(i + 1))) {
            transition(turn, i);
        }
    }

    private static boolean isAnswer(Turn next) {
        return next instanceof Turn.Single single
                && (single.message() instanceof Message.Assistant || single.message() instanceof Message.Reminder);
    }

    private void transition(Turn turn, int i) {
        Task task = turn.task();
        if (task != null) {
            if (!Task.ALL.contains(task)) {
                throw new ChatException(
                        new Problem.UnknownTask(task),
                        "%s.task is '%s', which the model does not know: use one of %s"
                                .formatted(
                                        place(turn.position()),
                                        task.name(),
                                        Task.ALL.stream().map(Task::name).collect(Collectors.joining(", "))));
            }
            if (task.equals(Task.ACTION)) {
                out.own(Markers.ASSISTANT).own(mode.thinks() ? Markers.THINK_START : Markers.THINK_END);
            }
            out.own(task.marker());
        } else if (turn.isPrompting()) {
            opensReasoning = mode.thinks() && (!dropThinking || i >= lastPrompting);
            out.own(Markers.ASSISTANT).own(opensReasoning ? Markers.THINK_START : Markers.THINK_END);
        }
    }

    private void developer(Message.Developer developer, int position) {
        if (developer.content().isEmpty()) {
            throw new ChatException(
                    new Problem.EmptyDeveloper(position),
                    "%s.content is empty, which a developer message must not be: write the instructions or leave it out"
                            .formatted(place(position)));
        }
        out.own(Markers.USER).content(developer.content());
        attachments(developer.tools(), developer.responseFormat());
    }

    private void attachments(List<ToolDefinition> tools, @Nullable JsonNode responseFormat) {
        if (!tools.isEmpty()) {
            out.own(PARAGRAPH);
            Dsml.tools(tools, out);
        }
        if (responseFormat != null) {
            out.own(PARAGRAPH + RESPONSE_FORMAT).content(PythonJson.write(responseFormat));
        }
    }

    private void assistant(Message.Assistant assistant, int i) {
        boolean answersTask = i > 0 && turns.get(i - 1).task() != null;
        int start = out.length();
        int reasoningEnd = start;
        boolean reasons = mode.thinks() && !answersTask && (!dropThinking || i > lastPrompting);
        if (reasons) {
            reasoningEnd = out.content(assistant.reasoning()).length();
            out.own(Markers.THINK_END);
        }
        int answerStart = out.length();
        out.content(assistant.content());
        if (!assistant.toolCalls().isEmpty()) {
            Dsml.toolCalls(assistant.toolCalls(), place(turns.get(i).position()), out);
        }
        int message = turns.get(i).position() - contextSize;
        said.add(new ChatPrompt.Said(message, reasons, start, reasoningEnd, answerStart, out.length()));
        if (!assistant.open()) {
            out.own(Markers.END_OF_SENTENCE);
        }
    }

    private void blocks(List<Turn.Block> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            out.own(i == 0 ? "" : PARAGRAPH);
            switch (blocks.get(i)) {
                case Turn.Block.Said said -> out.content(said(said, i));
                case Turn.Block.Result result -> {
                    out.own("<tool_result>");
                    result(result.content());
                    out.own("</tool_result>");
                }
            }
        }
    }

    private String said(Turn.Block.Said said, int block) {
        return switch (said.content()) {
            case ContentBlock.Text(String text) -> text;
            case ContentBlock.Unsupported(String type) ->
                throw new ChatException(
                        new Problem.UserContentNotText(block, type),
                        "%s.content is of type %s, but the model reads only text: send a string or text parts"
                                .formatted(place(said.position()), type));
        };
    }

    private void result(List<ContentBlock> content) {
        for (int i = 0; i < content.size(); i++) {
            out.own(i == 0 ? "" : PARAGRAPH);
            switch (content.get(i)) {
                case ContentBlock.Text(String text) -> out.content(text);
                case ContentBlock.Unsupported(String type) ->
                    out.own("[Unsupported ").content(type).own("]");
            }
        }
    }

    private String place(int position) {
        return position < contextSize ? "context[" + position + "]" : "messages[" + (position - contextSize) + "]";
    }
}
