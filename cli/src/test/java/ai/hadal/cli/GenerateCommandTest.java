package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.engine.GenerationListener;
import ai.hadal.engine.GenerationRequest;
import ai.hadal.engine.SamplingOptions;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateCommandTest {

    private static int[] engineIds(SamplingOptions sampling, int n) {
        try (var engine = Engine.open(Hadal.FLASH, EngineOptions.defaults().withThreads(1))) {
            return engine.newSession()
                    .generate(GenerationRequest.of(new int[] {1, 2, 3}, sampling, n), GenerationListener.NONE)
                    .ids();
        }
    }

    @Test
    void itPrintsTheEnginesIds() {
        var run = Hadal.run("generate", Hadal.FLASH, "--ids", "1,2,3", "-n", 6, "--greedy");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().strip())
                .isEqualTo(Arrays.stream(engineIds(SamplingOptions.greedy(), 6))
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(",")));
    }

    @Test
    void jsonTellsIdsUsageAndWhyItEnded() {
        var json = Hadal.run("generate", Hadal.FLASH, "--ids", "1,2,3", "-n", 6, "--greedy", "--json")
                .json();
        assertThat(json.get("ids").valueStream().mapToInt(id -> id.intValue()).toArray())
                .isEqualTo(engineIds(SamplingOptions.greedy(), 6));
        assertThat(json.get("text").isNull()).isTrue();
        assertThat(json.get("finish_reason").stringValue()).isEqualTo("length");
        assertThat(json.get("usage").toString())
                .isEqualTo("{\"prompt_tokens\":3,\"completion_tokens\":6,\"total_tokens\":9}");
        assertThat(json.get("profile").stringValue()).isEqualTo("f32");
        assertThat(json.has("logprobs")).isFalse();
    }

    @Test
    void aSeedGivesTheSameTokensAgain() {
        Object[] args = {
            "generate", Hadal.FLASH, "--ids", "1,2,3", "-n", 12, "--seed", 7, "--temp", "1.5", "--top-k", 50
        };
        var run = Hadal.run(args);
        assertThat(run.code()).isZero();
        assertThat(Hadal.run(args).out()).isEqualTo(run.out());
        args[7] = 8;
        assertThat(Hadal.run(args).out()).isNotEqualTo(run.out());
    }

    @Test
    void logprobsComeWithEachTokenWhenAskedFor() {
        var json = Hadal.run("generate", Hadal.FLASH, "--ids", "1", "-n", 2, "--greedy", "--json", "--logprobs", 3)
                .json();
        assertThat(json.get("logprobs").size()).isEqualTo(2);
        var first = json.get("logprobs").get(0);
        assertThat(first.get("id")).isEqualTo(json.get("ids").get(0));
        assertThat(first.get("top").size()).isEqualTo(3);
        assertThat(first.get("top").get(0).get("logprob")).isEqualTo(first.get("logprob"));
    }

    @Test
    void theEndOfTurnEndsItUnlessIgnored() {
        var ended = Hadal.run(
                "generate", Hadal.FLASH, "--ids", "2", "-n", 4, "--greedy", "--json", "--logit-bias", "1=1000");
        assertThat(ended.json().get("ids").toString()).isEqualTo("[1]");
        assertThat(ended.json().get("finish_reason").stringValue()).isEqualTo("stop");
        var ignored = Hadal.run(
                "generate", Hadal.FLASH, "--ids", "2", "-n", 4, "--greedy", "--logit-bias", "1=1000", "--ignore-eos");
        assertThat(ignored.out().strip()).isEqualTo("1,1,1,1");
    }

    @Test
    void aStopIdEndsIt() {
        var json = Hadal.run(
                        "generate",
                        Hadal.FLASH,
                        "--ids",
                        "2",
                        "--greedy",
                        "--json",
                        "--logit-bias",
                        "9=1000",
                        "--stop-id",
                        9)
                .json();
        assertThat(json.get("ids").toString()).isEqualTo("[9]");
        assertThat(json.get("finish_reason").stringValue()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--greedy --temp 0.5 | --greedy and --temperature 0.5 exclude each other",
                "--temp -1           | the temperature is -1.0;",
                "--top-p 0           | the top-p is 0.0;",
                "-n -1               | the limit of new tokens is -1;",
                "--stop x            | ",
                "--logit-bias 512=1  | the logit bias names token id 512",
            })
    void wrongInputIsOneSentence(String options, String sentence) {
        String line = "generate " + Hadal.FLASH + " --ids 1 " + options;
        var run = Hadal.run((Object[]) line.strip().split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("hadal: " + (sentence == null ? "" : sentence));
    }
}
