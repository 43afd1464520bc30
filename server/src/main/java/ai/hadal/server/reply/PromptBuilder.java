package ai.hadal.server.reply;

import ai.hadal.chat.ChatEncoder;
import ai.hadal.chat.ChatOptions;
import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Markers;
import ai.hadal.chat.Message;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Conversations to prompts. Turns that the server remembers are told with the very tokens that were
/// sampled, whatever the client sent back of them: so its reasoning is never lost, and the prefix cache
/// finds what it knows. All else that messages say is text.
final class PromptBuilder {

    /// Ends of messages that matter to the prefix cache: every one costs a step of its own.
    private static final int NEWEST_BOUNDARIES = 3;

    private final Tokenizer tokenizer;
    private final TurnMemory memory;
    private final boolean parseSpecial;
    private final int user;
    private final int assistant;

    /// @param parseSpecial as in [ChatOptions]
    PromptBuilder(Tokenizer tokenizer, TurnMemory memory, boolean parseSpecial) {
        this.tokenizer = tokenizer;
        this.memory = memory;
        this.parseSpecial = parseSpecial;
        this.user = tokenizer.id(Markers.USER).orElse(-1);
        this.assistant = tokenizer.id(Markers.ASSISTANT).orElse(-1);
    }

    Prompt build(ChatRequest request) {
        var messages = withFormat(request.messages(), request.format());
        if (!request.tools().isEmpty()) {
            messages = ChatPrompt.withTools(messages, request.tools());
        }
        int added = messages.size() - request.messages().size();
        var recalled = recall(request.messages());
        var asked = new ArrayList<>(messages);
        if (asked.isEmpty() || !asks(asked.getLast())) {
            asked.add(new Message.User(""));
        }
        var prompt = ChatEncoder.encode(asked, ChatOptions.of(request.mode()).withParseSpecial(parseSpecial));
        int[] ids = ids(prompt, recalled, added);
        return new Prompt(ids, boundaries(ids), prompt.opensReasoning(), request.messages());
    }

    /// Whether the model answers behind a message at the end. Behind instructions alone, and behind what it said
    /// itself, it does only if it is asked once more.
    private static boolean asks(Message last) {
        return switch (last) {
            case Message.System _ -> false;
            case Message.Assistant said -> said.open();
            default -> true;
        };
    }

    /// The schema of the answer goes where the model expects it: into the first system message.
    private static List<Message> withFormat(List<Message> messages, Format format) {
        JsonNode schema = switch (format) {
            case Format.JsonSchema(JsonNode wanted, boolean _) -> wanted;
            case Format.JsonObject() -> JsonNodeFactory.instance.objectNode().put("type", "object");
            case Format.Free _, Format.Gbnf _ -> null;
        };
        return schema == null ? messages : withSchema(messages, schema);
    }

    private static List<Message> withSchema(List<Message> messages, JsonNode schema) {
        var result = new ArrayList<>(messages);
        if (!result.isEmpty() && result.getFirst() instanceof Message.System system) {
            result.set(0, new Message.System(system.content(), system.tools(), schema, system.task()));
        } else {
            result.addFirst(new Message.System("", List.of(), schema, null));
        }
        return result;
    }

    /// What is remembered of the assistant messages, by their index.
    private Map<Integer, RememberedTurn> recall(List<Message> messages) {
        var recalled = new HashMap<Integer, RememberedTurn>();
        var keys = ConversationKey.after(messages);
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof Message.Assistant said && !said.open()) {
                var turn = memory.recall(keys.get(i));
                if (turn != null && agrees(said, turn)) {
                    recalled.put(i, turn);
                }
            }
        }
        return recalled;
    }

    /// A client that sends other reasoning means it.
    private static boolean agrees(Message.Assistant said, RememberedTurn turn) {
        return said.reasoning().isBlank()
                || said.reasoning().strip().equals(turn.reasoning().strip());
    }

    /// The tokens of the prompt, in which those of recalled turns stand in the place of what their client sent.
    private int[] ids(ChatPrompt prompt, Map<Integer, RememberedTurn> recalled, int added) {
        var ids = IntStream.builder();
        int at = 0;
        for (var said : prompt.said()) {
            var turn = recalled.get(said.message() - added);
            if (turn == null) {
                continue;
            }
            if (said.reasons()) {
                at = tell(prompt, at, said.reasoningStart(), said.reasoningEnd(), turn.reasoningIds(), ids);
            }
            at = tell(prompt, at, said.answerStart(), said.answerEnd(), turn.answerIds(), ids);
        }
        encode(prompt, at, prompt.text().length(), ids);
        return ids.build().toArray();
    }

    /// Encodes the text up to a range, and takes the given tokens for the range.
    ///
    /// @return where the range ends
    private int tell(ChatPrompt prompt, int from, int start, int end, int[] tokens, IntStream.Builder ids) {
        encode(prompt, from, start, ids);
        IntStream.of(tokens).forEach(ids);
        return end;
    }

    private void encode(ChatPrompt prompt, int from, int to, IntStream.Builder ids) {
        IntStream.of(prompt.ids(tokenizer, from, to)).forEach(ids);
    }

    /// Ahead of the first and the newest user turns and after the newest marker of a reply: there the next
    /// prompt of a conversation, or another one with the same instructions, may go on differently.
    private int[] boundaries(int[] ids) {
        var turns = new ArrayList<Integer>();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == user) {
                turns.add(i);
            } else if (ids[i] == assistant) {
                turns.add(i + 1);
            }
        }
        int skip = Math.max(1, turns.size() - NEWEST_BOUNDARIES);
        return IntStream.range(0, turns.size())
                .filter(i -> i == 0 || i >= skip)
                .map(turns::get)
                .filter(length -> length > 0)
                .toArray();
    }

    /// The turn that a generation was, if it may stand for what the client will send back.
    ///
    /// @param ids as sampled
    @Nullable
    RememberedTurn turn(Prompt prompt, int[] ids) {
        int end = ids.length;
        if (end == 0 || ids[end - 1] != tokenizer.eosId()) {
            return null;
        }
        end--;
        int answer = 0;
        int reasoningEnd = 0;
        if (prompt.opensReasoning()) {
            int close = tokenizer.id(Markers.THINK_END).orElse(-1);
            reasoningEnd = IntStream.range(0, end)
                    .filter(i -> ids[i] == close)
                    .findFirst()
                    .orElse(-1);
            if (reasoningEnd < 0) {
                return null;
            }
            answer = reasoningEnd + 1;
        }
        int[] reasoningIds = Arrays.copyOfRange(ids, 0, reasoningEnd);
        int[] answerIds = Arrays.copyOfRange(ids, answer, end);
        return new RememberedTurn(tokenizer.decode(reasoningIds), reasoningIds, answerIds);
    }
}
