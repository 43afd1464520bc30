package ai.hadal.train.nano;

import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.ContentBlock;
import ai.hadal.chat.Message;
import ai.hadal.chat.ToolDefinition;
import ai.hadal.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One question being answered. What the examinee said itself stays in the conversation; tool results and further
/// questions come from the episode.
final class Sitting {

    /// A reply may be twice as long as the expected one and this much longer.
    private static final int SPARE_TOKENS = 64;

    private static final int MOST_TOKENS = 4096;

    private final ExamPart part;
    private final int number;
    private final Episode episode;
    private final Tokenizer tokenizer;
    private final int turns;
    private final List<Message> said = new ArrayList<>();
    private final List<ToolDefinition> tools = new ArrayList<>();
    private Examinee.@Nullable Text text;

    /// Tokens of the conversation, and how many of them the text has read.
    private int[] ids = {};
    private int read;
    private final List<Integer> reply = new ArrayList<>();
    private int limit;
    private boolean thinking;
    private String expected = "";

    private int nextMessage;
    private int rightTurns;
    private int callReplies;
    private int wellFormed;
    private long promptTokens;
    private long generated;
    private ExamAnswer.@Nullable Mistake mistake;

    Sitting(ExamPart part, int number, Episode episode, Tokenizer tokenizer) {
        this.part = part;
        this.number = number;
        this.episode = episode;
        this.tokenizer = tokenizer;
        turns = (int) episode.messages().stream()
                .filter(Message.Assistant.class::isInstance)
                .count();
        ask();
    }

    /// All that it may come to hold at once, in tokens.
    int size() {
        return ids.length + limit;
    }

    /// Whether its reply is under way, so that the next step reads one token.
    boolean replies() {
        return !reply.isEmpty();
    }

    boolean done() {
        return mistake != null || rightTurns == turns;
    }

    /// The next tokens to read, at most `most`.
    Examinee.Piece piece(Examinee examinee, int most) {
        if (text == null) {
            text = examinee.open();
        }
        int end = Math.min(ids.length, read + most);
        var piece = new Examinee.Piece(text, Arrays.copyOfRange(ids, read, end), end == ids.length);
        if (reply.isEmpty()) {
            promptTokens += end - read;
        }
        read = end;
        return piece;
    }

    /// Takes the token that follows all that was to be read.
    void accept(int id) {
        reply.add(id);
        generated++;
        boolean end = id == tokenizer.eosId();
        if (end || reply.size() == limit) {
            mark(!end);
        } else {
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = id;
        }
    }

    private void mark(boolean cutOff) {
        String replied =
                tokenizer.decode(reply.stream().mapToInt(Integer::intValue).toArray());
        var marking = Marking.of(replied, cutOff, thinking, wanted(), tools);
        callReplies += marking.called() ? 1 : 0;
        wellFormed += marking.wellFormed() ? 1 : 0;
        var own = marking.own();
        if (own == null) {
            mistake = new ExamAnswer.Mistake(text(said.getLast()), expected, replied, marking.fault());
        } else {
            rightTurns++;
            said.add(own);
            nextMessage++;
            if (!done()) {
                ask();
            }
        }
        if (done()) {
            // Its sequence may be large.
            text = null;
        }
    }

    /// Goes on to the next turn of the assistant.
    private void ask() {
        while (!(episode.messages().get(nextMessage) instanceof Message.Assistant)) {
            var message = episode.messages().get(nextMessage++);
            said.add(message);
            tools.addAll(tools(message));
        }
        var prompt = ChatPrompt.of(said, episode.mode());
        thinking = prompt.opensReasoning();
        expected = expectedText(prompt);
        limit = Math.min(2 * tokenizer.encode(expected).length + SPARE_TOKENS, MOST_TOKENS);
        reply.clear();
        int[] next = tokenizer.encode(prompt.text());
        int common = Arrays.mismatch(ids, 0, read, next, 0, next.length);
        // The last token has to be read again for its logits.
        int usable = Math.min(common < 0 ? next.length : common, next.length - 1);
        read = text == null ? 0 : text.keep(usable);
        ids = next;
    }

    private Message.Assistant wanted() {
        return (Message.Assistant) episode.messages().get(nextMessage);
    }

    private String expectedText(ChatPrompt prompt) {
        var wanted = wanted();
        String reasoning = wanted.reasoning()
                .replace(String.valueOf(Episode.MISTAKE_START), "")
                .replace(String.valueOf(Episode.MISTAKE_END), "");
        var whole = new ArrayList<>(said);
        whole.add(new Message.Assistant(wanted.content(), reasoning, wanted.toolCalls()));
        return ChatPrompt.of(whole, episode.mode())
                .text()
                .substring(prompt.text().length());
    }

    private static List<ToolDefinition> tools(Message message) {
        return switch (message) {
            case Message.System system -> system.tools();
            case Message.Developer developer -> developer.tools();
            default -> List.of();
        };
    }

    private static String text(Message message) {
        return switch (message) {
            case Message.System system -> system.content();
            case Message.Developer developer -> developer.content();
            case Message.User user -> text(user.content());
            case Message.Reminder reminder -> reminder.content();
            case Message.Assistant assistant -> assistant.content();
            case Message.Tool tool -> text(tool.content());
            case Message.Other other -> other.role();
        };
    }

    private static String text(List<ContentBlock> blocks) {
        return blocks.stream()
                .map(block -> switch (block) {
                    case ContentBlock.Text(String text) -> text;
                    case ContentBlock.Unsupported(String type) -> "[" + type + "]";
                })
                .collect(Collectors.joining("\n\n"));
    }

    ExamAnswer answer() {
        return new ExamAnswer(
                part, number, turns, rightTurns, callReplies, wellFormed, promptTokens, generated, mistake);
    }
}
