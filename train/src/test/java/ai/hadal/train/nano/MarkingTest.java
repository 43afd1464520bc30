package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ChatPrompt;
import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkingTest {

    private static final String END = "<｜end▁of▁sentence｜>";
    private static final List<ToolDefinition> TOOLS =
            List.of(ToolDefinition.parse("{\"name\": \"sea\"}"), ToolDefinition.parse("{\"name\": \"sky\"}"));

    private static String calls(String... invocations) {
        return "\n\n<｜DSML｜tool_calls>\n" + String.join("", invocations) + "</｜DSML｜tool_calls>" + END;
    }

    private static String invoke(String name, String depth) {
        return "<｜DSML｜invoke name=\"" + name + "\">\n<｜DSML｜parameter name=\"depth\" string=\"false\">" + depth
                + "</｜DSML｜parameter>\n</｜DSML｜invoke>\n";
    }

    private static Message.Assistant called(ToolCall... calls) {
        return new Message.Assistant("", "", List.of(calls));
    }

    private static ToolCall call(String id, String name, int depth) {
        return new ToolCall(id, name, "{\"depth\":" + depth + "}");
    }

    private static Marking mark(String text, Message.Assistant expected) {
        return Marking.of(text, false, false, expected, TOOLS);
    }

    @Test
    void reasoningIsNotCompared() {
        var marking = Marking.of("any</think>deep" + END, false, true, new Message.Assistant("deep"), TOOLS);
        assertThat(marking.own()).isEqualTo(new Message.Assistant("deep", "any", List.of()));
        assertThat(marking.called()).isFalse();
    }

    @Test
    void aTextIsComparedLetterByLetter() {
        assertThat(mark("Deep" + END, new Message.Assistant("deep")).fault()).isEqualTo("its text is another");
        assertThat(mark("deep " + END, new Message.Assistant("deep")).own()).isNull();
    }

    @Test
    void callsAreComparedByNumberOrderNameAndArguments() {
        var expected = called(call("1", "sea", 5), call("2", "sky", 7));
        assertThat(mark(calls(invoke("sea", "5.0"), invoke("sky", "7")), expected)
                        .own())
                .isEqualTo(new Message.Assistant(
                        "",
                        "",
                        List.of(
                                new ToolCall("1", "sea", "{\"depth\": 5.0}"),
                                new ToolCall("2", "sky", "{\"depth\": 7}"))));
        assertThat(mark(calls(invoke("sea", "5")), expected).fault()).isEqualTo("it has 1 tool call instead of 2");
        assertThat(mark(calls(invoke("sky", "7"), invoke("sea", "5")), expected).fault())
                .isEqualTo("call 1 is of another tool");
        assertThat(mark(calls(invoke("sea", "5"), invoke("sky", "8")), expected).fault())
                .isEqualTo("call 2 has other arguments");
    }

    @Test
    void aCallIsWellFormedIfItCouldBeCarriedOut() {
        var expected = called(call("1", "sea", 5));
        assertThat(mark(calls(invoke("sky", "0")), expected).wellFormed()).isTrue();
        assertThat(mark(calls(invoke("moon", "5")), expected).wellFormed()).isFalse();
        assertThat(mark(calls(invoke("sea", "deep")), expected).wellFormed()).isFalse();
        var broken = mark("\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke" + END, expected);
        assertThat(broken.called()).isTrue();
        assertThat(broken.wellFormed()).isFalse();
        assertThat(broken.fault()).startsWith("it is malformed: ");
    }

    @Test
    void whatALimitCutOffIsWrongEvenWhereTheParserIsLenient() {
        String text = calls(invoke("sea", "5"));
        String cut = text.substring(0, text.length() - END.length());
        var marking = Marking.of(cut, true, false, called(call("1", "sea", 5)), TOOLS);
        assertThat(marking.own()).isNull();
        assertThat(marking.called()).isTrue();
        assertThat(marking.wellFormed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1, \"b\": [1, 2]} | {\"b\":[1.0,2],\"a\":1} | true",
                "{\"a\": \"1\"}            | {\"a\": 1}              | false",
                "[1, 2]                    | [2, 1]                  | false",
                "{\"a\": null}             | {}                      | false",
                "1e2                       | 100                     | true",
                "0.1                       | 0.10000000000000000001  | false",
                "{\"a\": 1                 | {\"a\": 1               | false",
                "1 2                       | 1                       | false",
            })
    void argumentsAreComparedAsValues(String a, String b, boolean same) {
        assertThat(Marking.sameJson(a, b)).isEqualTo(same);
    }

    @Test
    void theCurriculumsOwnAnswersAreRight() {
        for (String task : ExamPlan.usualTasks()) {
            for (var mode : ThinkingMode.values()) {
                for (int i = 0; i < 3; i++) {
                    requireRight(task, Curriculum.episode(task, mode, true, 1, i));
                }
            }
        }
    }

    private static void requireRight(String task, Episode episode) {
        var said = new ArrayList<Message>();
        var tools = new ArrayList<ToolDefinition>();
        for (var message : episode.messages()) {
            if (message instanceof Message.System system) {
                tools.addAll(system.tools());
            }
            if (message instanceof Message.Assistant expected) {
                var prompt = ChatPrompt.of(said, episode.mode());
                said.add(message);
                String reply = ChatPrompt.of(said, episode.mode())
                        .text()
                        .substring(prompt.text().length());
                var marking = Marking.of(reply, false, prompt.opensReasoning(), expected, tools);
                assertThat(marking.fault()).as("%s: %s", task, reply).isEmpty();
                assertThat(marking.wellFormed()).as(task).isEqualTo(marking.called());
            } else {
                said.add(message);
            }
        }
    }
}
