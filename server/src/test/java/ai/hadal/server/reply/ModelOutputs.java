package ai.hadal.server.reply;

import ai.hadal.chat.Markers;
import ai.hadal.engine.FinishReason;
import ai.hadal.engine.Tokenizers;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// What a model might write that nothing holds to any rules: replies in the protocol and against it, in tokens of
/// the built-in model's vocabulary, some of which are single bytes.
public final class ModelOutputs {

    private static final Tokenizer TOKENIZER = Tokenizers.at(Path.of("../models/nano"));

    /// What no client may see of the protocol, which takes markers of roles for text like any other.
    public static final List<String> MARKUP = List.of(
            Markers.DSML, Markers.BEGIN_OF_SENTENCE, Markers.END_OF_SENTENCE, Markers.THINK_START, Markers.THINK_END);

    private static final List<String> WORDS = List.of(
            "Hello",
            " ",
            "\n",
            "\n\n",
            "a < b",
            "</",
            "<",
            "｜",
            "π≈3",
            "🌍",
            "👩‍🚀",
            Markers.USER,
            "\u0000",
            "{\"a\": 1}",
            "\"");
    private static final List<String> SCRAPS = List.of(
            "<｜DSML",
            "<｜end▁of▁",
            "<think",
            "\n\n<｜DSML｜tool_calls>\n",
            "</｜DSML｜tool_calls>",
            "<｜DSML｜invoke name=\"f\">\n",
            "<｜DSML｜invoke",
            "\n</｜DSML｜invoke>\n",
            "<｜DSML｜parameter name=\"x\" string=\"true\">",
            "<｜DSML｜parameter name=\"x\">",
            "</｜DSML｜parameter>",
            "tool_calls>");
    private static final List<String> NAMES = List.of("f", "get_weather", "unknown", "naïve \"x\"", "");
    private static final List<String> JSON = List.of(
            "1",
            "null",
            "[1, {\"a\": \"}\"}]",
            "\"</think>\"",
            "{\"a\": \"<｜DSML｜invoke name=\\\"g\\\">\"}",
            "1, \"more\": 2");
    private static final List<String> NO_JSON =
            List.of("", "text", "{\"a\": ", "1}", "01", "NaN", "[[", "\"open", "1,", "1\u2003", "\u2003 1", "\"\n\"");

    private static final Map<Byte, Integer> BYTES = bytes();

    /// An output.
    ///
    /// @param reasons whether it begins with reasoning
    /// @param texts what each of its tokens adds
    public record Output(boolean reasons, List<String> texts, FinishReason end) {

        /// All that was written.
        public String text() {
            return String.join("", texts);
        }
    }

    private final SplittableRandom random;

    /// Whether there are faults.
    private final boolean wild;

    private ModelOutputs(long seed) {
        random = new SplittableRandom(seed);
        wild = random.nextBoolean();
    }

    /// The output of a number: always the same.
    public static Output number(long seed) {
        return new ModelOutputs(seed).output();
    }

    private static Map<Byte, Integer> bytes() {
        var bytes = new HashMap<Byte, Integer>();
        for (int id = 0; id < TOKENIZER.size(); id++) {
            if (TOKENIZER.isOrdinary(id) && TOKENIZER.bytes(id).length == 1) {
                bytes.put(TOKENIZER.bytes(id)[0], id);
            }
        }
        return bytes;
    }

    private Output output() {
        boolean reasons = random.nextBoolean();
        String text = (reasons ? prose() + (rarely() ? "" : Markers.THINK_END) : "") + prose();
        if (random.nextBoolean()) {
            text += calls();
        }
        if (rarely()) {
            text += prose();
        }
        if (rarely()) {
            text = text.substring(0, random.nextInt(text.length() + 1));
        }
        var ids = new ArrayList<Integer>();
        boolean ended = write(text, ids) || random.nextInt(3) > 0;
        return new Output(reasons, texts(ids), ended ? FinishReason.END_OF_TURN : FinishReason.LENGTH);
    }

    private boolean rarely() {
        return wild && random.nextInt(6) == 0;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String several(int most, Supplier<String> part) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(part.get());
        }
        return text.toString();
    }

    private String prose() {
        boolean faulty = rarely();
        return several(5, () -> !faulty ? one(WORDS) : one(List.of(one(WORDS), one(SCRAPS), one(MARKUP))));
    }

    private String calls() {
        String calls = several(3, this::call);
        return "\n\n<｜DSML｜tool_calls>\n" + calls + (rarely() ? one(SCRAPS) : "") + "</｜DSML｜tool_calls>";
    }

    private String call() {
        int[] count = {0};
        return "<｜DSML｜invoke name=\"" + one(rarely() ? MARKUP : NAMES) + "\">\n"
                + several(3, () -> parameter(count[0]++))
                + (rarely() ? one(SCRAPS) : "")
                + (count[0] == 0 ? "\n" : "")
                + "</｜DSML｜invoke>\n";
    }

    private String parameter(int index) {
        boolean string = random.nextBoolean();
        String value = string ? several(3, () -> one(rarely() ? MARKUP : WORDS)) : one(rarely() ? NO_JSON : JSON);
        String name = rarely() ? one(rarely() ? MARKUP : NAMES) : "p" + index;
        return "<｜DSML｜parameter name=\"" + name + "\" string=\"" + string + "\">" + value + "</｜DSML｜parameter>\n";
    }

    /// Writes a text as special tokens, as ordinary ones or byte by byte, in turn.
    ///
    /// @return whether the end of the turn was among them; nothing follows it then
    private boolean write(String text, List<Integer> ids) {
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(40));
            to = text.offsetByCodePoints(from, text.codePointCount(from, to));
            for (int id : tokens(text.substring(from, to))) {
                if (id == TOKENIZER.eosId()) {
                    return true;
                }
                ids.add(id);
            }
            from = to;
        }
        return false;
    }

    private int[] tokens(String text) {
        return switch (random.nextInt(4)) {
            case 0 -> TOKENIZER.encodeOrdinary(text);
            case 1 -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                int[] ids = new int[bytes.length];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = BYTES.get(bytes[i]);
                }
                yield ids;
            }
            default -> TOKENIZER.encode(text);
        };
    }

    private List<String> texts(List<Integer> ids) {
        var detokenizer = TOKENIZER.detokenizer();
        var texts = new ArrayList<String>();
        for (int id : ids) {
            if (wild && random.nextInt(500) == 0) {
                // A token out of nowhere may be half a character.
                texts.add(detokenizer.next(random.nextInt(2, TOKENIZER.size())));
            }
            texts.add(detokenizer.next(id));
        }
        texts.add(detokenizer.finish());
        return texts;
    }
}
