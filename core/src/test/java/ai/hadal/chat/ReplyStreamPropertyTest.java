package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReplyStreamPropertyTest {

    private static final List<String> FRAGMENTS = List.of(
            "a",
            " b",
            "😀",
            "\ud83d",
            "\n",
            "\n\n",
            "\"",
            "\\",
            "<",
            "</",
            ">",
            ">\n",
            "｜",
            "think>",
            "/think>",
            "<think>",
            "</think>",
            Markers.BEGIN_OF_SENTENCE,
            Markers.END_OF_SENTENCE,
            "<｜end▁of▁",
            "<｜begin▁of▁sen",
            Markers.USER,
            Markers.DSML,
            Markers.DSML_OPEN,
            "<｜DSML",
            Markers.TOOL_CALLS_START,
            "tool_calls",
            Markers.TOOL_CALLS_END,
            Markers.INVOKE_START,
            "</｜DSML｜invoke",
            " name=\"",
            "\">\n",
            Markers.PARAMETER_START,
            "\" string=\"true\">",
            "\" string=\"false\">",
            Markers.PARAMETER_END,
            "</｜DSML｜parameter",
            "</｜DSML｜parameter>\n");

    private static final List<String> MARKERS = List.of(
            Markers.BEGIN_OF_SENTENCE, Markers.END_OF_SENTENCE, Markers.THINK_START, Markers.THINK_END, Markers.DSML);

    @Property
    void agreesWithTheWholeParser(@ForAll("replies") String text, @ForAll boolean reasoning) {
        Transcript transcript = Transcript.stream(reasoning, false, List.of(text));
        Reply reply = null;
        try {
            reply = ReplyParser.parse(text, reasoning);
        } catch (MalformedReplyException e) {
            assertThat(transcript.isWellFormed()).as(e.reason()).isFalse();
        }
        if (reply != null && !transcript.isCutOffInToolCalls() && !transcript.hasMarkupInName()) {
            assertThat(transcript.isWellFormed()).isTrue();
            assertThat(transcript.reply()).isEqualTo(reply);
        }
    }

    @Property
    void chunkingChangesNothing(
            @ForAll("replies") String text,
            @ForAll boolean reasoning,
            @ForAll boolean sawEos,
            @ForAll("sizes") List<Integer> sizes) {
        assertThat(Transcript.of(reasoning, sawEos, cut(text, sizes)))
                .isEqualTo(Transcript.of(reasoning, sawEos, List.of(text)));
    }

    @Property
    void neverLeaksMarkup(
            @ForAll("replies") String text, @ForAll boolean reasoning, @ForAll("sizes") List<Integer> sizes) {
        Transcript transcript = Transcript.stream(reasoning, false, cut(text, sizes));
        for (String marker : MARKERS) {
            assertThat(transcript.text()).doesNotContain(marker);
            assertThat(transcript.reasoning()).doesNotContain(marker);
            assertThat(transcript.only(ReplyEvent.ToolCallStart.class))
                    .noneMatch(start -> start.name().contains(marker));
        }
    }

    @Property
    void anEndMarkerInTheTextIsAsGoodAsTheFlag(@ForAll("replies") String any, @ForAll boolean reasoning) {
        String text = any.replace(Markers.END_OF_SENTENCE, "");
        if (text.contains(Markers.END_OF_SENTENCE)) {
            return; // the rests of two halves
        }
        assertThat(contents(Transcript.of(reasoning, false, List.of(text + Markers.END_OF_SENTENCE))))
                .isEqualTo(contents(Transcript.of(reasoning, true, List.of(text))));
    }

    /// What a reader sees: an end marker that comes while a parameter is open is at first taken for a part of it,
    /// and the reason of a fault may name it.
    private static List<ReplyEvent> contents(List<ReplyEvent> events) {
        var contents = new ArrayList<ReplyEvent>();
        for (ReplyEvent event : events) {
            switch (event) {
                case ReplyEvent.ToolCallArguments _ -> {}
                case ReplyEvent.Malformed(String _, String raw) -> contents.add(new ReplyEvent.Malformed("", raw));
                default -> contents.add(event);
            }
        }
        return contents;
    }

    /// Holding back is bounded: at most a marker less its last character, and half a surrogate pair.
    @Property
    void holdsBackLessThanAMarker(@ForAll("prose") List<String> fragments) {
        var transcript = new Transcript();
        var stream = new ReplyStream(false);
        int given = 0;
        for (String fragment : fragments) {
            stream.accept(fragment, transcript);
            given += fragment.length();
            int raw = transcript
                    .only(ReplyEvent.Malformed.class)
                    .mapToInt(event -> event.raw().length())
                    .sum();
            int delivered = transcript.text().length() + raw;
            assertThat(given - delivered).isLessThan(Markers.BEGIN_OF_SENTENCE.length());
        }
    }

    private static List<String> cut(String text, List<Integer> sizes) {
        var chunks = new ArrayList<String>();
        int at = 0;
        for (int i = 0; at < text.length(); i++) {
            int size = sizes.isEmpty() ? text.length() : sizes.get(i % sizes.size());
            chunks.add(text.substring(at, Math.min(text.length(), at + size)));
            at += size;
        }
        return chunks;
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.integers().between(1, 30).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<String>> prose() {
        return Arbitraries.of(
                        "a", "<", "</", "\n", "\n\n<", "<｜end▁of", "<｜", "</thin", "<｜DSM", "｜DSML", "😀", "\ud83d ")
                .list()
                .ofMaxSize(40);
    }

    /// Well-formed replies, replies with a fault or two, and mere heaps of fragments.
    @Provide
    Arbitrary<String> replies() {
        Arbitrary<String> fragment = Arbitraries.of(FRAGMENTS);
        Arbitrary<String> heap = fragment.list().ofMaxSize(25).map(list -> String.join("", list));
        Arbitrary<List<String>> wellFormed = wellFormed();
        Arbitrary<String> faulty = Combinators.combine(
                        wellFormed,
                        fragment,
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.integers().between(0, 2))
                .as((parts, extra, place, kind) -> {
                    var changed = new ArrayList<>(parts);
                    int at = place % changed.size();
                    switch (kind) {
                        case 0 -> changed.add(at, extra);
                        case 1 -> changed.remove(at);
                        default -> changed.set(at, extra);
                    }
                    return String.join("", changed);
                });
        return Arbitraries.oneOf(wellFormed.map(parts -> String.join("", parts)), faulty, heap);
    }

    private static Arbitrary<List<String>> wellFormed() {
        Arbitrary<String> value = Arbitraries.of(
                        "a",
                        "1",
                        "\n",
                        "<",
                        "</",
                        "\"",
                        "😀",
                        ">\n",
                        "\" string=\"true\">",
                        Markers.END_OF_SENTENCE,
                        "{}")
                .list()
                .ofMaxSize(5)
                .map(list -> String.join("", list));
        Arbitrary<List<String>> parameter = Combinators.combine(
                        Arbitraries.of("", "a", "b\"", "c<"), Arbitraries.of(true, false), value)
                .as((name, string, text) -> List.of(
                        Markers.PARAMETER_START,
                        " name=\"",
                        name,
                        "\" string=\"" + string + "\">",
                        text,
                        "<",
                        Markers.PARAMETER_END,
                        ">\n"));
        Arbitrary<List<String>> call = Combinators.combine(
                        Arbitraries.of("f", "g\">", "", "h\n"), parameter.list().ofMaxSize(3))
                .as((name, parameters) -> {
                    var parts = new ArrayList<>(List.of(Markers.INVOKE_START, " name=\"", name, "\">\n"));
                    parameters.forEach(parts::addAll);
                    parts.addAll(List.of(Markers.INVOKE_END, ">\n"));
                    return parts;
                });
        Arbitrary<List<String>> block = call.list().ofMaxSize(3).map(calls -> {
            var parts = new ArrayList<>(List.of(Markers.TOOL_CALLS_START, ">\n"));
            calls.forEach(parts::addAll);
            parts.add(Markers.TOOL_CALLS_END);
            return parts;
        });
        Arbitrary<String> text = Arbitraries.of("a", "\n", "<", "</", "<｜", "😀", Markers.USER)
                .list()
                .ofMaxSize(5)
                .map(list -> String.join("", list));
        return Combinators.combine(text, Arbitraries.of(true, false), text, block.injectNull(0.3))
                .as((reasoning, thinks, content, calls) -> {
                    var parts = new ArrayList<String>();
                    if (thinks) {
                        parts.addAll(List.of(reasoning, Markers.THINK_END));
                    }
                    parts.add(content);
                    if (calls != null) {
                        parts.addAll(calls);
                    }
                    parts.add(Markers.END_OF_SENTENCE);
                    return parts;
                });
    }
}
