package ai.hadal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.ReplyStream;
import ai.hadal.chat.ToolCall;
import org.junit.jupiter.api.Test;

class ReplyCollectorTest {

    private static final String CALL = """


            <｜DSML｜tool_calls>
            <｜DSML｜invoke name="depth">
            <｜DSML｜parameter name="sea" string="true">Kara</｜DSML｜parameter>
            </｜DSML｜invoke>
            </｜DSML｜tool_calls>""";

    private final ReplyCollector collector = new ReplyCollector(index -> "call_7_" + index);

    private void say(boolean reasoning, String reply) {
        var stream = new ReplyStream(reasoning);
        reply.codePoints().mapToObj(Character::toString).forEach(piece -> stream.accept(piece, collector::accept));
        stream.finish(true, collector::accept);
    }

    @Test
    void reasoningAndTextArePutTogether() {
        say(true, "Let me see.</think>It is deep.");
        assertThat(collector.reply().reasoning()).isEqualTo("Let me see.");
        assertThat(collector.reply().content()).isEqualTo("It is deep.");
        assertThat(collector.malformed()).isEmpty();
    }

    @Test
    void callsGetIdsThatNameTheirPlace() {
        say(false, "I look it up." + CALL);
        assertThat(collector.reply().toolCalls())
                .containsExactly(new ToolCall("call_7_0", "depth", "{\"sea\": \"Kara\"}"));
    }

    @Test
    void aFaultTakesBackAllCallsAndIsOnePiece() {
        say(false, "I look it up." + CALL + "more");
        assertThat(collector.reply().content()).isEqualTo("I look it up.");
        assertThat(collector.reply().toolCalls()).isEmpty();
        assertThat(collector.malformed())
                .singleElement()
                .satisfies(fault -> assertThat(fault.raw()).isEqualTo("more"));
    }
}
