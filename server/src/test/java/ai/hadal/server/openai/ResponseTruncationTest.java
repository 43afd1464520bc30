package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.engine.EngineOptions;
import ai.hadal.server.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Conversations longer than the context.
class ResponseTruncationTest {

    private static final int CONTEXT = 600;
    private static final int TURNS = 6;

    private static ServerUnderTest server;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start(
                EngineOptions.defaults().withThreads(2).withContextLength(CONTEXT), config -> config);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// @param turns of 150 tokens and more
    private static ObjectNode body(int turns) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("max_output_tokens", 5);
        var input = body.putArray("input");
        input.addObject().put("role", "developer").put("content", "Be brief.");
        for (int i = 0; i < turns; i++) {
            input.addObject().put("role", "user").put("content", "9".repeat(150));
            input.addObject().put("role", "assistant").put("content", "42");
        }
        input.addObject().put("role", "user").put("content", "What is 17 + 25?");
        return body;
    }

    private static ServerUnderTest.Answer post(ObjectNode body) {
        return server.post("/v1/responses", body.toString());
    }

    @Test
    void areRefused() {
        var answer = post(body(TURNS));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo("context_length_exceeded");
        assertThat(answer.json().at("/error/param").asString()).isEqualTo("input");
    }

    @Test
    void loseTheirOldestTurnsIfTheyMay() {
        var shortened = post(body(TURNS).put("truncation", "auto"));
        assertThat(shortened.status()).isEqualTo(200);
        // As many turns as fit, and the instructions.
        long fits = 0;
        for (int turns = 0; turns < TURNS; turns++) {
            var answer = post(body(turns));
            if (answer.status() == 200) {
                fits = answer.json().at("/usage/input_tokens").asLong();
            }
        }
        assertThat(shortened.json().at("/usage/input_tokens").asLong()).isEqualTo(fits);
    }

    @Test
    void areRefusedIfTheLastTurnAloneIsTooLong() {
        var body = body(0).put("truncation", "auto");
        body.withArray("input").addObject().put("role", "user").put("content", "9".repeat(700));
        assertThat(post(body).status()).isEqualTo(400);
    }
}
