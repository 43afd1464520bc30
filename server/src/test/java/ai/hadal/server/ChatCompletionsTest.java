package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The chat API over plain HTTP.
class ChatCompletionsTest {

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersASum() {
        var answer = server.post("/v1/chat/completions", """
            {"model": "nano", "temperature": 0, "messages": [{"role": "user", "content": "What is 17 + 25?"}]}""");
        assertThat(answer.status()).isEqualTo(200);
        var message = answer.json().at("/choices/0/message");
        assertThat(message.path("content").stringValue()).contains("42");
        assertThat(message.path("reasoning_content").stringValue()).isNotEmpty();
    }

    @Test
    void streamsASum() {
        var answer = server.post("/v1/chat/completions", """
            {"stream": true, "temperature": 0, "stream_options": {"include_usage": true},
             "messages": [{"role": "user", "content": "What is 17 + 25?"}]}""");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }
}
