package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.EngineOptions;
import ai.hadal.server.ServerUnderTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Server-sent events as they are written, which clients hide.
class StreamFramingTest {

    private static final int CHUNK = 16;

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(
                EngineOptions.defaults().withThreads(2).withPrefillChunk(CHUNK), config -> config);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> blocks(String path, String body) {
        var answer = server.post(path, body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).endsWith("\n\n");
        return List.of(answer.body().split("\n\n"));
    }

    private static List<JsonNode> data(List<String> blocks) {
        return blocks.stream()
                .filter(block -> block.startsWith("data: {"))
                .map(block -> JsonMapper.shared().readTree(block.substring("data: ".length())))
                .toList();
    }

    @Test
    void everyEventIsOneLineAndTheLastSaysDone() {
        var blocks = blocks("/v1/chat/completions", """
            {"stream": true, "temperature": 0, "stream_options": {"include_usage": true},
             "messages": [{"role": "user", "content": "What is 17 + 25?"}]}""");
        assertThat(blocks).allMatch(block -> block.startsWith("data: ") || block.startsWith(": "));
        assertThat(blocks).noneMatch(block -> block.contains("\n"));
        assertThat(blocks.getLast()).isEqualTo("data: [DONE]");
        var chunks = data(blocks);
        assertThat(chunks).allMatch(chunk -> chunk.path("object").asString().equals("chat.completion.chunk"));
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        assertThat(chunks.getLast().path("usage").path("completion_tokens").asInt())
                .isPositive();
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.path("usage").isNull());
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asString())
                .isEqualTo("stop");
    }

    @Test
    void aLongPromptIsReportedWhileItIsRead() {
        var blocks = blocks("/v1/chat/completions", """
            {"stream": true, "max_tokens": 1, "messages": [{"role": "user", "content": "%s"}]}""".formatted("word ".repeat(10 * CHUNK)));
        var comments =
                blocks.stream().filter(block -> block.startsWith(": prefill ")).toList();
        assertThat(comments).hasSizeGreaterThan(5).doesNotHaveDuplicates();
        String[] last = comments.getLast().substring(": prefill ".length()).split("/");
        assertThat(last[0]).isEqualTo(last[1]);
        assertThat(blocks.indexOf(comments.getLast()))
                .isLessThan(blocks.size() - 2)
                .isGreaterThan(4);
    }

    @Test
    void completionsEndTheSameWay() {
        var blocks = blocks("/v1/completions", "{\"stream\": true, \"prompt\": \"Once\", \"max_tokens\": 3}");
        assertThat(blocks.getLast()).isEqualTo("data: [DONE]");
        assertThat(data(blocks))
                .allMatch(chunk -> chunk.path("object").asString().equals("text_completion"));
        assertThat(data(blocks).getLast().at("/choices/0/finish_reason").asString())
                .isEqualTo("length");
        assertThat(data(blocks)).noneMatch(chunk -> chunk.has("usage"));
    }
}
