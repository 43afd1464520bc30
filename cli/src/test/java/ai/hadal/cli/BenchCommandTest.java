package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

    @Test
    void itMeasuresPrefillAndDecodeAtEachDepth() {
        var run = Hadal.run(
                "bench", Hadal.FLASH, "-p", 4, "-n", 2, "-d", "0,8", "-r", 2, "--warm-up", 0, "-t", 1, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("results")
                        .valueStream()
                        .map(result -> result.get("test").stringValue()))
                .containsExactly("pp4", "tg2", "pp4 @ d8", "tg2 @ d8");
        for (var result : json.get("results")) {
            var rate = result.get("tokens_per_second");
            assertThat(rate.get("min").doubleValue()).isPositive();
            assertThat(rate.get("median").doubleValue())
                    .isBetween(rate.get("min").doubleValue(), rate.get("max").doubleValue());
        }
        assertThat(json.get("memory_bytes_per_second").get("median").doubleValue())
                .isPositive();
        for (String fact : List.of(
                "active_weight_bytes_per_token", "weight_bytes", "decode_flops_per_token", "prefill_flops_per_token")) {
            assertThat(json.get(fact).doubleValue()).as(fact).isPositive();
        }
        assertThat(json.get("load_seconds").doubleValue()).isPositive();
        assertThat(json.has("anonymous_bytes_loaded") && json.has("anonymous_bytes_end"))
                .isTrue();
        assertThat(json.get("peak_operations_per_second").get("f32").doubleValue())
                .isPositive();
        var prefill = json.get("results").get(0);
        assertThat(prefill.get("peak_share").doubleValue())
                .isCloseTo(
                        prefill.get("tokens_per_second").get("median").doubleValue()
                                * json.get("prefill_flops_per_token").doubleValue()
                                / json.get("peak_operations_per_second")
                                        .get("f32")
                                        .doubleValue(),
                        withPercentage(0.001));
        var decode = json.get("results").get(1);
        assertThat(decode.get("bandwidth_share").doubleValue())
                .isCloseTo(
                        decode.get("tokens_per_second").get("median").doubleValue()
                                * decode.get("weight_bytes_per_token").longValue()
                                / json.get("memory_bytes_per_second")
                                        .get("median")
                                        .doubleValue(),
                        withPercentage(0.001));
        assertThat(decode.get("disk_bytes_per_token").doubleValue()).isNotNegative();
        assertThat(decode.get("major_faults_per_token").doubleValue()).isNotNegative();
        assertThat(json.get("backend").stringValue()).contains("1 thread");
    }

    @Test
    void peopleSeeWhereItWasMeasured() {
        var run = Hadal.run("bench", Hadal.FLASH, "-p", 2, "-n", 0, "-d", 0, "-r", 1, "--warm-up", 0, "-t", 1);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        Hadal.FLASH.toString(),
                        "GB/s read by 1 thread",
                        "FLOP/s on floats",
                        "of weights and",
                        "of other memory then",
                        "of roof",
                        Runtime.version().toString(),
                        "profile f32")
                .containsPattern("(?m)^  pp2 +\\d.*FLOP/s +\\d+\\.\\d %");
    }

    @Test
    void severalSequencesDecodeTogether() {
        var run = Hadal.run(
                "bench", Hadal.FLASH, "-p", 0, "-n", 2, "-np", "1,3", "-d", 6, "-r", 1, "--warm-up", 0, "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json()
                        .get("results")
                        .valueStream()
                        .map(result -> result.get("test").stringValue()))
                .containsExactly("tg2 @ d6", "tg2 x3 @ d6");
        var alone = run.json().get("results").get(0);
        var together = run.json().get("results").get(1);
        assertThat(together.get("weight_bytes_per_token").longValue())
                .isBetween(1L, alone.get("weight_bytes_per_token").longValue());
    }

    @Test
    void draftsAreMeasuredWhenAskedFor() {
        Object[] args = {"bench", Hadal.FLASH, "-p", 0, "-n", 120, "-d", 0, "-r", 2, "--warm-up", 0, "--json"};
        assertThat(Hadal.run(args).json().get("speculative").stringValue()).isEqualTo("off");
        Object[] more = Arrays.copyOf(args, args.length + 2);
        more[args.length] = "--speculative";
        more[args.length + 1] = "lookup";
        assertThat(Hadal.run(more).json().get("speculative").stringValue()).isEqualTo("lookup");
    }

    /// The operations are those of a step, and their calls those of two tokens.
    @Test
    void theTimeInEachOperationIsShown() {
        var run =
                Hadal.run("bench", Hadal.FLASH, "-p", 2, "-n", 0, "-d", 0, "-r", 1, "--warm-up", 0, "--ops", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        var operations = run.json().get("results").get(0).get("operations");
        assertThat(operations
                        .valueStream()
                        .map(operation -> operation.get("name").stringValue()))
                .contains("experts", "attend", "hyperPre", "layers.*.attn.wq_b.weight");
        assertThat(operations
                        .valueStream()
                        .allMatch(operation -> operation.get("calls").intValue() > 0))
                .isTrue();

        var shown = Hadal.run("bench", Hadal.FLASH, "-p", 2, "-n", 0, "-d", 0, "-r", 1, "--warm-up", 0, "--ops");
        assertThat(shown.out()).contains("time in pp2", "ms/token", "the rest");
    }

    @Test
    void aProfileIsComparedWithFloats() {
        var run = Hadal.run(
                "bench", Hadal.FLASH, "-p", 2, "-n", 0, "-d", 0, "-r", 1, "--warm-up", 0, "--kl-divergence", 20);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("KL divergence from f32: mean 0.00e+00, largest 0.00e+00 nats; the same first choice at"
                        + " 100.00 % of 20 tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-r 0             | --repetitions is 0; give 1 or more",
                "-p -4            | a number of tokens is -4; give 0 or more",
                "-p 0 -n 0        | there is nothing to measure;",
                "-c 64 -p 8 -d 60 | test pp8 @ d60 needs 68 tokens, but the context holds 64;",
                "-np 1,0          | --parallel is 0 sequences; give 1 to 256",
                "--kl-divergence -1 | --kl-divergence is -1 tokens; give 1 or more",
                "--warm-up -1     | --warm-up is -1.0 seconds; give 0 to 3600",
            })
    void wrongInputIsOneSentence(String options, String sentence) {
        String line = "bench " + Hadal.FLASH + " " + options;
        var run = Hadal.run((Object[]) line.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().startsWith("hadal: " + sentence);
    }
}
