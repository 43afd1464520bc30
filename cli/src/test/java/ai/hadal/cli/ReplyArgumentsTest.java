package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.hadal.ReplyOptions;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.engine.SamplingOptions;
import ai.hadal.error.HadalException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The flags of llama.cpp, vLLM and the OpenAI API, and what they set.
class ReplyArgumentsTest {

    @Command
    private static final class Nothing {}

    private static ReplyArguments parse(String... arguments) {
        var reply = new ReplyArguments();
        new CommandLine(new Nothing()).addMixin("reply", reply).parseArgs(arguments);
        return reply;
    }

    private static SamplingOptions sampling(String... arguments) {
        return parse(arguments).options(false).sampling();
    }

    private static void refused(String part, String... arguments) {
        assertThatExceptionOfType(HadalException.class)
                .isThrownBy(() -> parse(arguments).options(false))
                .withMessageContaining(part);
    }

    @Test
    void withoutFlagsTheModelDecides() {
        var reply = parse();
        assertThat(reply.options(false).maxTokens()).isEqualTo(ReplyOptions.UNLIMITED);
        assertThat(reply.options(false).stopStrings()).isEmpty();
        assertThat(reply.mode(false)).isEqualTo(ThinkingMode.NON_THINK);
        assertThat(reply.system()).isNull();
        var sampling = reply.options(false).sampling();
        assertThat(sampling).isEqualTo(SamplingOptions.defaults(sampling.seed()));
        assertThat(reply.options(false).sampling().seed()).isNotEqualTo(sampling.seed());
    }

    @Test
    void theBuiltInModelThinksAndIsGreedyUnlessToldOtherwise() {
        var reply = parse();
        assertThat(reply.mode(true)).isEqualTo(ThinkingMode.HIGH);
        assertThat(reply.options(true).sampling().temperature()).isZero();
        assertThat(reply.options(true).maxTokens()).isEqualTo(ReplyArguments.BUILT_IN_LIMIT);
        var told = parse("--mode", "non-think", "--temp", "0.5", "-n", "9");
        assertThat(told.mode(true)).isEqualTo(ThinkingMode.NON_THINK);
        assertThat(told.options(true).sampling())
                .extracting(SamplingOptions::temperature)
                .isEqualTo(0.5);
        assertThat(told.options(true).maxTokens()).isEqualTo(9);
    }

    @Test
    void everyFlagSetsItsOption() {
        assertThat(sampling(
                        "--temp",
                        "0.7",
                        "--top-k",
                        "40",
                        "--top-p",
                        "0.9",
                        "--min-p",
                        "0.05",
                        "--repeat-penalty",
                        "1.1",
                        "--frequency-penalty",
                        "-0.5",
                        "--presence-penalty",
                        "0.25",
                        "--logit-bias",
                        "5=-1.5",
                        "--logit-bias",
                        "7=2",
                        "--seed",
                        "9"))
                .isEqualTo(new SamplingOptions(0.7, 40, 0.9, 0.05, 1.1, -0.5, 0.25, Map.of(5, -1.5f, 7, 2f), 9));
    }

    @Test
    void flagsHaveTheOtherEnginesNamesToo() {
        assertThat(sampling("--temperature", "0.7", "--repetition-penalty", "1.1", "-s", "1"))
                .isEqualTo(sampling("--temp", "0.7", "--repeat-penalty", "1.1", "--seed", "1"));
        assertThat(parse("-n", "7").options(true).maxTokens())
                .isEqualTo(parse("--max-tokens", "7").options(true).maxTokens())
                .isEqualTo(7);
        assertThat(parse("--system-prompt", "Hi").system())
                .isEqualTo(parse("--system", "Hi").system());
    }

    @Test
    void greedyIsTemperatureZero() {
        assertThat(sampling("--greedy").temperature()).isZero();
        assertThat(sampling("--temp", "0").temperature()).isZero();
        refused("exclude each other", "--greedy", "--temp", "0.5");
    }

    @Test
    void stopsMayBeRepeated() {
        assertThat(parse("--stop", "\n", "--stop", "END").options(false).stopStrings())
                .isEqualTo(List.of("\n", "END"));
    }

    @Test
    void thinkingIsShownWhereItWouldBeUnlessToldOtherwise() {
        assertThat(parse().showThinking(true)).isTrue();
        assertThat(parse().showThinking(false)).isFalse();
        assertThat(parse("--show-thinking").showThinking(false)).isTrue();
        assertThat(parse("--hide-thinking").showThinking(true)).isFalse();
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        refused("the temperature is 101.0; it must be", "--temp", "101");
        refused("the temperature is NaN", "--temp", "NaN");
        refused("the top-p is 0.0", "--top-p", "0");
        refused("the min-p is 2.0", "--min-p", "2");
        refused("the repetition penalty is 0.0", "--repeat-penalty", "0");
        refused("the limit of new tokens is 0", "-n", "0");
        refused("a stop string is empty", "--stop", "");
    }
}
