package ai.hadal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EncodeCommandTest {

    private static final String ENCODE =
            "{\"op\":\"encode\",\"input\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"kwargs\":{\"thinking_mode\":\"chat\"}}";

    @Test
    void messagesBecomeAPrompt() {
        var run = Hadal.runWith(ENCODE + "\n", "encode", "--jsonl");
        assertThat(run.code()).isZero();
        assertThat(run.json().get("result").stringValue())
                .isEqualTo("<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜></think>");
    }

    @Test
    void errorsAreAnswersToo() {
        String unknown = ENCODE.replace("\"user\"", "\"nobody\"");
        var run = Hadal.runWith(unknown + "\n\n" + ENCODE + "\n", "encode", "--jsonl");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out().lines().findFirst().orElseThrow())
                .isEqualTo("{\"error\": {\"type\": \"NotImplementedError\", \"message\": \"Unknown role: nobody\"}}");
    }

    @Test
    void whatIsNoCaseIsNamedByItsLine() {
        var run = Hadal.runWith(ENCODE + "\n{\"op\":\"sing\"}\n", "encode", "--jsonl");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.err().lines()).singleElement().asString().startsWith("hadal: line 2 of the input: ");
    }

    @Test
    void everyOfficialCaseIsAnsweredAsTheOfficialCodeDoes() throws Exception {
        var cases = Hadal.shared("encoding/cases.jsonl");
        assumeTrue(cases.isPresent(), "no golden data beside the repository");
        String input = Files.readString(cases.get());
        List<String> answers =
                Hadal.runWith(input, "encode", "--jsonl").out().lines().toList();
        List<String> lines = input.lines().toList();
        assertThat(answers).hasSameSizeAs(lines);
        for (int i = 0; i < lines.size(); i++) {
            var expected = JsonMapper.shared().readTree(lines.get(i));
            var answer = JsonMapper.shared().readTree(answers.get(i));
            if (expected.has("error")) {
                assertThat(answer.get("error")).as(lines.get(i)).isEqualTo(expected.get("error"));
            } else {
                assertThat(answer.get("result")).as(lines.get(i)).isEqualTo(expected.get("expected"));
            }
        }
    }
}
