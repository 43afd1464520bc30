package ai.hadal.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a schema says and no grammar can hold is named in a header, and refused where the schema is strict.
class UnenforcedKeywordsTest {

    private static final String SCHEMA =
            "{\"type\": \"object\", \"properties\": {\"ä, b\": {\"type\": \"array\", \"uniqueItems\": true}}}";

    private static final String CHAT = """
        {"max_tokens": 1, "stream": STREAM, "messages": [{"role": "user", "content": "Hi"}],
         "tools": [{"type": "function", "function": {"name": "f", "strict": STRICT, "parameters": SCHEMA}}]}""";
    private static final String RESPONSE = """
        {"max_output_tokens": 1, "stream": STREAM, "input": "Hi",
         "tools": [{"type": "function", "name": "f", "strict": STRICT, "parameters": SCHEMA}]}""";
    private static final String MESSAGE = """
        {"model": "nano", "max_tokens": 1, "stream": STREAM, "messages": [{"role": "user", "content": "Hi"}],
         "tools": [{"name": "f", "strict": STRICT, "input_schema": SCHEMA}]}""";

    private static ServerUnderTest server;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        server = ServerUnderTest.start();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static HttpResponse<String> ask(String dialect, boolean stream, boolean strict)
            throws IOException, InterruptedException {
        String body = switch (dialect) {
            case "chat/completions" -> CHAT;
            case "responses" -> RESPONSE;
            default -> MESSAGE;
        };
        return post(
                dialect,
                body.replace("STREAM", "" + stream)
                        .replace("STRICT", "" + strict)
                        .replace("SCHEMA", SCHEMA));
    }

    private static HttpResponse<String> post(String dialect, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.uri("/v1/" + dialect))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "chat/completions,false",
        "chat/completions,true",
        "responses,false",
        "responses,true",
        "messages,false",
        "messages,true"
    })
    void aHeaderNamesThem(String dialect, boolean stream) throws IOException, InterruptedException {
        var answer = ask(dialect, stream, false);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-unenforced-keywords"))
                .contains("f#/properties/%C3%A4%2C%20b/uniqueItems");
    }

    @ParameterizedTest
    @CsvSource({"chat/completions", "responses", "messages"})
    void aStrictToolIsRefused(String dialect) throws IOException, InterruptedException {
        var answer = ask(dialect, false, true);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("tool 'f', #/properties/ä, b/uniqueItems: the keyword 'uniqueItems'");
    }

    @Test
    void thereIsNoHeaderWhereAllIsHeld() throws IOException, InterruptedException {
        var answer = post("chat/completions", """
            {"max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}""");
        assertThat(answer.headers().firstValue("x-unenforced-keywords")).isEmpty();
    }
}
