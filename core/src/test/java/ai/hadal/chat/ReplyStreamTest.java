package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.ReplyEvent.End;
import ai.hadal.chat.ReplyEvent.Malformed;
import ai.hadal.chat.ReplyEvent.Reasoning;
import ai.hadal.chat.ReplyEvent.Text;
import ai.hadal.chat.ReplyEvent.ToolCallArguments;
import ai.hadal.chat.ReplyEvent.ToolCallEnd;
import ai.hadal.chat.ReplyEvent.ToolCallStart;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyStreamTest {

    private static final String CALL = """
        <｜DSML｜invoke name="f">
        <｜DSML｜parameter name="a" string="true">v</｜DSML｜parameter>
        </｜DSML｜invoke>
        """;
    private static final String BLOCK = "\n\n<｜DSML｜tool_calls>\n" + CALL + "</｜DSML｜tool_calls>";

    static Stream<GoldenCases.Case> parsing() {
        return GoldenCases.parsing();
    }

    @ParameterizedTest
    @MethodSource("parsing")
    void agreesWithTheWholeParserAtEveryCut(GoldenCases.Case golden) {
        String text = golden.input();
        Transcript whole = Transcript.stream(golden.thinking(), false, List.of(text));
        if (golden.isError()) {
            assertThat(whole.isWellFormed()).isFalse();
        } else if (!whole.isCutOffInToolCalls()) {
            assertThat(whole.isWellFormed()).isTrue();
            assertThat(whole.reply().toJson()).isEqualTo(golden.tree().get("expected"));
        }
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(Transcript.of(golden.thinking(), false, List.of(text.substring(0, cut), text.substring(cut))))
                    .as("cut at %d", cut)
                    .isEqualTo(whole.events());
        }
        assertThat(Transcript.of(
                        golden.thinking(),
                        false,
                        text.chars().mapToObj(Character::toString).toList()))
                .as("single characters")
                .isEqualTo(whole.events());
    }

    @Test
    void onlyRepliesCutOffInsideTheBlockAreJudgedMoreStrictly() {
        assertThat(GoldenCases.parsing()
                        .filter(c -> !c.isError())
                        .filter(c -> !Transcript.stream(c.thinking(), false, List.of(c.input()))
                                .isWellFormed())
                        .map(GoldenCases.Case::name))
                .containsExactly("only_tool_calls_open", "truncated_after_invoke_open");
    }

    @Test
    void readsReasoningAnswerAndCalls() {
        assertThat(Transcript.of(true, true, List.of("why</think>because" + BLOCK)))
                .containsExactly(
                        new Reasoning("why"),
                        new Text("because"),
                        new ToolCallStart(0, "f"),
                        new ToolCallArguments(0, "{\"a\": \"v\"}"),
                        new ToolCallEnd(0, "f", "{\"a\": \"v\"}"),
                        new End(true));
    }

    @Test
    void namesHoldNoMarkup() {
        String lost = BLOCK.replace(
                "\"a\" string=\"true\">v",
                "\"a\">v</｜DSML｜parameter>\n" + "<｜DSML｜parameter name=\"b\" string=\"true\">w");
        for (String reply :
                new String[] {BLOCK.replace("\"f\"", "\"<think>\""), lost.replace("\"a\">v</", "\"a\">v<")}) {
            var transcript = Transcript.stream(false, true, List.of(reply));
            assertThat(transcript.hasMarkupInName()).isTrue();
            assertThat(transcript.only(ToolCallEnd.class)).isEmpty();
            assertThat(transcript.only(Malformed.class).map(Malformed::raw)).containsExactly(reply);
        }
    }

    @Test
    void countsCalls() {
        var transcript = Transcript.stream(
                false,
                true,
                List.of("\n\n<｜DSML｜tool_calls>\n" + CALL + CALL.replace("\"f\"", "\"g\"") + "</｜DSML｜tool_calls>"));

        assertThat(transcript.only(ToolCallStart.class))
                .containsExactly(new ToolCallStart(0, "f"), new ToolCallStart(1, "g"));
        assertThat(transcript.reply().toolCalls())
                .containsExactly(new ToolCall(null, "f", "{\"a\": \"v\"}"), new ToolCall(null, "g", "{\"a\": \"v\"}"));
    }

    @Test
    void holdsBackOnlyWhatCouldBecomeMarkup() {
        var events = new ArrayList<ReplyEvent>();
        var stream = new ReplyStream(false);

        stream.accept("1 <", events::add);
        stream.accept(" 2\n\n<｜DSML｜tool", events::add);
        stream.accept("box", events::add);
        assertThat(events)
                .containsExactly(
                        new Text("1 "),
                        new Text("< 2"),
                        new Text("\n\n"),
                        new Malformed("Unexpected special token '｜DSML｜' in content", "<｜DSML｜toolbox"));
    }

    @Test
    void passesAParameterOnAsItComes() {
        var events = new ArrayList<ReplyEvent>();
        var stream = new ReplyStream(false);

        stream.accept(
                "\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"f\">\n<｜DSML｜parameter name=\"a\" string=\"true\">",
                events::add);
        stream.accept("one\n\"two\"", events::add);
        stream.accept(" </｜DSML", events::add);
        assertThat(events)
                .containsExactly(
                        new ToolCallStart(0, "f"),
                        new ToolCallArguments(0, "{\"a\": \""),
                        new ToolCallArguments(0, "one\\n\\\"two\\\""),
                        new ToolCallArguments(0, " "));
    }

    @Test
    void neverSplitsASurrogatePair() {
        var events = new ArrayList<ReplyEvent>();
        var stream = new ReplyStream(false);

        stream.accept("a\ud83c", events::add);
        stream.accept("\udf0d", events::add);
        stream.finish(true, events::add);
        assertThat(events).containsExactly(new Text("a"), new Text("🌍"), new End(true));
    }

    @Test
    void aReplyStoppedByALimitIsIncompleteButNotMalformed() {
        assertThat(Transcript.of(false, false, List.of("half an ans")))
                .containsExactly(new Text("half an ans"), new End(false));
        assertThat(Transcript.of(true, false, List.of("still thin")))
                .containsExactly(new Reasoning("still thin"), new End(false));
        assertThat(Transcript.of(false, false, List.of("a </thi")))
                .containsExactly(new Text("a </thi"), new End(false));
    }

    @Test
    void aStraySpecialStringMakesTheRestOfTheAnswerRaw() {
        for (String marker : List.of("<think>", "</think>", Markers.BEGIN_OF_SENTENCE)) {
            assertThat(Transcript.of(false, true, List.of("a" + marker + "b")))
                    .containsExactly(
                            new Text("a"),
                            new Malformed("Unexpected special token '" + marker + "' in content", marker + "b"),
                            new End(true));
        }
    }

    @Test
    void aStraySpecialStringInTheReasoningIsRawUpToTheAnswer() {
        assertThat(Transcript.of(true, true, List.of("a</｜DSML｜b</think>c")))
                .containsExactly(
                        new Reasoning("a"),
                        new Malformed("Unexpected special token '｜DSML｜' in content", "</｜DSML｜b"),
                        new Text("c"),
                        new End(true));
    }

    @Test
    void callsBeforeTheEndOfReasoningAreNotRun() {
        assertThat(Transcript.of(true, true, List.of("why" + BLOCK)))
                .containsExactly(
                        new Reasoning("why"),
                        new Malformed("Invalid thinking format: missing </think>", BLOCK),
                        new End(true));
    }

    @Test
    void reasoningThatEndsTheReplyIsMalformed() {
        assertThat(Transcript.of(true, true, List.of("why")))
                .isEqualTo(Transcript.of(true, false, List.of("why" + Markers.END_OF_SENTENCE)))
                .containsExactly(
                        new Reasoning("why"),
                        new Malformed("Invalid thinking format: missing </think>", ""),
                        new End(true));
    }

    @Test
    void aFaultyBlockIsRawFromItsStart() {
        String faulty =
                BLOCK.replace("</｜DSML｜tool_calls>", "<｜DSML｜invoke name=f>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>");

        assertThat(Transcript.of(false, true, List.of("x" + faulty)))
                .containsExactly(
                        new Text("x"),
                        new ToolCallStart(0, "f"),
                        new ToolCallArguments(0, "{\"a\": \"v\"}"),
                        new ToolCallEnd(0, "f", "{\"a\": \"v\"}"),
                        new Malformed("Tool name format error: ' name=f>\n'", faulty),
                        new End(true));
    }

    @Test
    void aBlockThatIsCutOffIsRaw() {
        String cut = BLOCK.substring(0, BLOCK.indexOf("v</") + 1);

        assertThat(Transcript.of(false, false, List.of(cut)))
                .containsExactly(
                        new ToolCallStart(0, "f"),
                        new ToolCallArguments(0, "{\"a\": \"v"),
                        new Malformed("The reply ends inside the tool calls", cut),
                        new End(false));
    }

    @Test
    void textAfterTheBlockOrTheEndIsRaw() {
        String end = Markers.END_OF_SENTENCE;
        assertThat(Transcript.of(
                        false, false, List.of("\n\n<｜DSML｜tool_calls>\n</｜DSML｜tool_calls> bye" + end + "more")))
                .containsExactly(
                        new Malformed("Unexpected content after tool calls", " bye"),
                        new Malformed("Unexpected content at end", "more"),
                        new End(true));
    }

    @Test
    void aFinishedStreamTakesNothingMore() {
        var stream = new ReplyStream(false);
        stream.finish(true, event -> {});

        assertThatThrownBy(() -> stream.accept("x", event -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> stream.finish(true, event -> {})).isInstanceOf(IllegalStateException.class);
    }
}
