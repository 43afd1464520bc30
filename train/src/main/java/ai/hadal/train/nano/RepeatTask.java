package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Repeating numbers and lists of words exactly.
final class RepeatTask implements Task {

    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean chinese = draw.chance(25);
        boolean digits = draw.chance(40);
        int count = draw.integer(2, 12);
        var items = digits ? digits(draw, count) : words(draw, count, chinese);
        String between = digits ? "" : draw.chance(50) || chinese ? ", " : " ";
        String text = String.join(between, items);
        return script.user(question(draw, text, chinese))
                .answer(thought(script, items, text, between, chinese), text)
                .end(text);
    }

    private static List<String> digits(Draw draw, int count) {
        return IntStream.range(0, count)
                .mapToObj(_ -> Integer.toString(draw.integer(0, 9)))
                .toList();
    }

    private static List<String> words(Draw draw, int count, boolean chinese) {
        var words = new ArrayList<>(chinese ? Words.NOUNS_ZH : Words.NOUNS);
        words.addAll(chinese ? Words.ADJECTIVES_ZH : Words.ADJECTIVES);
        return draw.some(words, count);
    }

    private static String question(Draw draw, String text, boolean chinese) {
        return chinese
                ? draw.of("重复：\n" + text, "请重复：\n" + text, "记住：\n" + text + "\n请重复。")
                : draw.of(
                        "Repeat:\n" + text,
                        "Say this again:\n" + text,
                        "Remember:\n" + text + "\nRepeat it.",
                        "Copy this exactly:\n" + text);
    }

    /// The careful form writes the list down, then compares it with the question item by item.
    private static Thought thought(Script script, List<String> items, String text, String between, boolean chinese) {
        int wrongAt = script.slips(0, 1) ? script.aside().integer(0, items.size() - 1) : -1;
        var written = new ArrayList<>(items);
        if (wrongAt >= 0) {
            written.set(wrongAt, items.get((wrongAt + 1) % items.size()));
        }
        wrongAt = written.equals(items) ? -1 : wrongAt;
        String pairs = IntStream.range(0, items.size())
                .mapToObj(i -> items.get(i) + "=" + written.get(i))
                .collect(Collectors.joining(" "));
        String verdict = wrongAt < 0
                ? chinese ? "都一样。" : "All are the same."
                : (chinese ? "不一样：" : "Not the same: ")
                        + items.get(wrongAt)
                        + (chinese ? "。改正：" : ". Corrected: ")
                        + text;
        return new Thought(
                text, draft(written, wrongAt, between) + "\n" + (chinese ? "检查：" : "Check: ") + pairs + "\n" + verdict);
    }

    /// The list with the wrong item marked.
    private static String draft(List<String> written, int wrongAt, String between) {
        var draft = new StringBuilder();
        for (int i = 0; i < written.size(); i++) {
            String before = i == 0 ? "" : between;
            String space = before.endsWith(" ") ? " " : "";
            draft.append(before.strip())
                    .append(i == wrongAt ? Script.mistake(space + written.get(i)) : space + written.get(i));
        }
        return draft.toString();
    }
}
