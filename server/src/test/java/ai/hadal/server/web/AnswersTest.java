package ai.hadal.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// What the page shows of an answer while it comes and after.
class AnswersTest extends PageTest {

    @Test
    void anAnswerIsShownAsItComes() {
        var gate = new CountDownLatch(1);
        server.then(reply -> reply.text("The Challenger ", "Deep")
                .await(gate)
                .text(" is **10,935 m** deep.")
                .end("stop", 12, 0));
        ask("How deep?");
        assertThat(answer().locator(".prose p")).hasText("The Challenger Deep");
        assertThat(page.locator("#log")).hasAttribute("aria-busy", "true");
        assertThat(button("Stop")).isVisible();
        gate.countDown();
        settled();
        assertThat(answer().locator("strong")).hasText("10,935 m");
        assertThat(page.locator("#announcer")).hasText("The answer is complete");
        assertThat(page.locator(".bubble")).hasText("How deep?");
        assertThat(page).hasTitle("How deep? · Hadal");
    }

    @Test
    void aQuestionIsAskedAsTheApiWantsIt() {
        server.then(reply -> reply.thinking("One.").text("First").end("stop", 3, 1));
        server.then(reply -> reply.text("Second").end("stop", 1, 0));
        ask("Hello");
        settled();
        var first = server.lastRequest();
        Assertions.assertThat(first.path("model").asString()).isEqualTo(FakeServer.MODEL);
        Assertions.assertThat(first.path("stream").asBoolean()).isTrue();
        Assertions.assertThat(first.at("/stream_options/include_usage").asBoolean())
                .isTrue();
        Assertions.assertThat(first.at("/thinking/type").asString()).isEqualTo("enabled");
        Assertions.assertThat(first.path("reasoning_effort").asString()).isEqualTo("high");
        page.getByLabel("None").check();
        ask("Again");
        settled();
        var second = server.lastRequest();
        Assertions.assertThat(second.at("/thinking/type").asString()).isEqualTo("disabled");
        Assertions.assertThat(second.has("reasoning_effort")).isFalse();
        Assertions.assertThat(second.path("messages")).hasSize(3);
        Assertions.assertThat(second.at("/messages/1/reasoning_content").asString())
                .isEqualTo("One.");
    }

    @Test
    void thinkingIsCountedWhileItGoesOnAndStaysFolded() {
        var thought = new CountDownLatch(1);
        var told = new CountDownLatch(1);
        server.then(reply -> reply.thinking("First, ", "the ", "trench.")
                .await(thought)
                .text("Deep.")
                .await(told)
                .end("stop", 40, 31));
        ask("How deep?");
        var summary = answer().locator(".thinking summary");
        assertThat(summary).hasText(Pattern.compile("^Thinking… 3 tokens, [\\d.]+ s$"));
        assertThat(answer().locator(".thinking .prose")).isHidden();
        thought.countDown();
        assertThat(summary).hasText(Pattern.compile("^Thought for [\\d.]+ s, 3 tokens$"));
        told.countDown();
        settled();
        assertThat(summary).hasText(Pattern.compile("^Thought for [\\d.]+ s, 31 tokens$"));
        summary.click();
        assertThat(answer().locator(".thinking .prose")).hasText("First, the trench.");
        assertThat(answer().locator(".thinking .prose")).isVisible();
    }

    @Test
    void anAnswerWithoutTextIsSaidToBeOne() {
        server.then(reply -> reply.thinking("Hm.").end("stop", 2, 2));
        ask("What is it?");
        assertThat(answer().locator(".nothing")).hasText("The model thought and said nothing.");
        server.then(reply -> reply.end("stop", 0, 0));
        ask("Again?");
        assertThat(answer().locator(".nothing")).hasText("The model said nothing.");
        server.then(reply -> reply.call(0, "sonar", "{}").end("tool_calls", 2, 0));
        ask("And now?");
        settled();
        assertThat(answer().locator(".nothing")).isHidden();
    }

    @Test
    void aMalformedCallIsToldAndNoneCounts() {
        server.then(reply ->
                reply.call(0, "sonar", "{\"depth\": 1}").endMalformed("The arguments are no JSON object", "<call>[1]"));
        ask("Ping");
        settled();
        var fault = answer().locator(".fault");
        assertThat(fault).containsText("No tool call of this answer counts: The arguments are no JSON object");
        assertThat(button("Continue with the results")).isHidden();
        assertThat(fault.locator("pre")).isHidden();
        fault.locator("summary").click();
        assertThat(fault.locator("pre")).hasText("<call>[1]");
        page.reload();
        assertThat(fault).isVisible();
        server.then(reply -> reply.text("Once more").end("stop", 2, 0));
        ask("Again");
        settled();
        Assertions.assertThat(server.lastRequest().path("messages")).hasSize(2);
    }

    @Test
    void readingALongPromptShowsHowFarItIs() {
        var gate = new CountDownLatch(1);
        server.then(reply -> reply.line(": keep-alive\n\n")
                .prefill(1024, 20000)
                .await(gate)
                .text("Done")
                .end("stop", 1, 0));
        ask("Long");
        assertThat(answer()).containsText("Reading the prompt: 1,024 of 20,000 tokens");
        assertThat(answer().locator("progress")).hasAttribute("value", "1024");
        gate.countDown();
        settled();
        assertThat(answer().locator("progress")).isHidden();
    }

    @Test
    void figuresStandUnderTheAnswer() {
        server.then(reply -> reply.text("a", "b", "c").end("stop", 312, 0));
        ask("Count");
        settled();
        var figures = answer().locator(".figures");
        assertThat(figures).containsText("312 tokens");
        assertThat(figures).containsText("first after");
        assertThat(figures).containsText("prompt 1,000, 93 % cached");
        assertThat(page.locator("#context")).containsText("1,312 of 65,536");
        server.then(reply -> reply.text("cut").end("length", 1, 0));
        ask("More");
        settled();
        assertThat(answer().locator(".figures")).containsText("Cut at the token limit");
    }

    @Test
    void speedIsOfTheTokensAfterTheFirst() {
        Assertions.assertThat(page.evaluate("""
                import('./figures.js').then((figures) => [
                  figures.answerFigures({ completion: 101, prompt: 8, cached: 4, firstTokenMs: 1234, decodeMs: 4000 }),
                  figures.answerFigures({ completion: 101, prompt: 8, firstTokenMs: 80, decodeMs: 4 }),
                  figures.answerFigures({ deltas: 3, firstTokenMs: 80, decodeMs: 400 }),
                ].map((shown) => shown.map(([text]) => text).join(' | ')))"""))
                .isEqualTo(List.of(
                        "101 tokens | 25 tokens/s | first after 1.2 s | prompt 8, 50 % cached",
                        "101 tokens | first after 80 ms | prompt 8",
                        "about 3 tokens | 5.0 tokens/s | first after 80 ms"));
    }

    @Test
    void toolCallsAreCardsWhoseResultsGoBack() {
        var gate = new CountDownLatch(1);
        server.then(reply -> reply.thinking("Two places.")
                .call(0, "weather", "{\"place\":", "\"Guam\"}")
                .call(1, "depth", "{\"at\":[11.3,")
                .await(gate)
                .call(1, "", "142.2]}")
                .end("tool_calls", 30, 3));
        server.then(reply -> reply.text("Warm and deep.").end("stop", 5, 0));
        ask("Weather and depth?");
        var cards = answer().locator(".call");
        assertThat(cards.last()).containsText("{\"at\":[11.3,");
        assertThat(cards.last()).containsText("Writing arguments…");
        gate.countDown();
        settled();
        assertThat(cards).hasCount(2);
        assertThat(cards.first().locator(".name")).hasText("weather");
        assertThat(cards.first().locator("pre").first()).hasText("{\n  \"place\": \"Guam\"\n}");
        assertThat(cards.first()).containsText("Waiting for a result");
        page.getByLabel("Result of weather").fill("{\"celsius\": 29}");
        button("Continue with the results").click();
        assertThat(page.getByLabel("Result of depth")).isFocused();
        page.getByLabel("Result of depth").fill("10,935 m");
        page.getByLabel("Result of depth").press("Control+Enter");
        settled();
        assertThat(answer()).containsText("Warm and deep.");
        assertThat(page.locator(".call").first()).containsText("Answered");
        var messages = server.lastRequest().path("messages");
        Assertions.assertThat(messages).hasSize(4);
        Assertions.assertThat(messages.at("/1/tool_calls/0/function/arguments").asString())
                .isEqualTo("{\"place\":\"Guam\"}");
        Assertions.assertThat(messages.at("/1/reasoning_content").asString()).isEqualTo("Two places.");
        Assertions.assertThat(messages.at("/2/tool_call_id").asString()).isEqualTo("call_0");
        Assertions.assertThat(messages.at("/3/content").asString()).isEqualTo("10,935 m");
    }

    @Test
    void theViewFollowsTheAnswerUntilTheUserScrollsUp() {
        var more = new CountDownLatch(1);
        var line = "A line of a long answer.\n\n".repeat(60);
        server.then(reply -> reply.text(line).await(more).text(line, "The end.").end("stop", 900, 0));
        ask("Long");
        var jump = page.locator("#jump");
        assertThat(answer().locator(".prose p")).hasCount(60);
        assertThat(jump).isHidden();
        page.locator("#scroller").hover();
        page.mouse().wheel(0, -600);
        assertThat(jump).isVisible();
        more.countDown();
        settled();
        assertThat(answer().getByText("The end.")).not().isInViewport();
        jump.click();
        assertThat(answer().getByText("The end.")).isInViewport();
        assertThat(jump).isHidden();
    }

    @Test
    void codeIsCodeBeforeItsFenceCloses() {
        var gate = new CountDownLatch(1);
        server.then(reply -> reply.text("Run:\n\n```java\nint a", " = 1;\n")
                .await(gate)
                .text("```\n\nDone.")
                .end("stop", 9, 0));
        ask("Code");
        Locator code = answer().locator("figure.code");
        assertThat(code.locator("code")).hasText("int a = 1;");
        assertThat(code.locator(".language")).hasText("java");
        gate.countDown();
        settled();
        assertThat(answer().locator(".prose > p").last()).hasText("Done.");
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        button("Copy code").click();
        assertThat(page.locator("#announcer")).hasText("Copied");
        Assertions.assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo("int a = 1;");
    }
}
