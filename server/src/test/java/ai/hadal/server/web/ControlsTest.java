package ai.hadal.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// What the user can do with an answer: stop it, ask again, edit the question, retry after an error, give a key.
class ControlsTest extends PageTest {

    @Test
    void stopKeepsWhatCameAndEndsTheRequest() throws InterruptedException {
        var gone = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        server.then(reply -> {
            reply.text("Half an").await(stopped);
            try {
                // The page has gone away when a write fails; until then the socket takes a few.
                while (true) {
                    reply.line(": keep-alive\n\n");
                }
            } catch (IOException e) {
                gone.countDown();
            }
        });
        ask("Long story");
        assertThat(answer()).containsText("Half an");
        button("Stop").click();
        settled();
        assertThat(answer().locator(".figures")).containsText("Stopped");
        assertThat(answer().locator(".prose p")).hasText("Half an");
        stopped.countDown();
        Assertions.assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
        server.then(reply -> reply.text("On").end("stop", 1, 0));
        ask("Go on");
        settled();
        Assertions.assertThat(server.lastRequest().at("/messages/1/content").asString())
                .isEqualTo("Half an");
    }

    @Test
    void escapeStopsWhileThinking() {
        server.then(reply -> reply.thinking("Hm").await(new CountDownLatch(1)));
        ask("Hard one");
        assertThat(answer().locator("summary")).containsText("Thinking…");
        box().press("Escape");
        settled();
        assertThat(answer().locator("summary")).containsText("Thought for");
    }

    @Test
    void regenerateReplacesTheLastAnswer() {
        server.then(reply -> reply.text("First try").end("stop", 2, 0));
        server.then(reply -> reply.text("Second try").end("stop", 2, 0));
        ask("Try");
        settled();
        button("Regenerate answer").click();
        assertThat(answer()).containsText("Second try");
        settled();
        assertThat(page.locator(".answer")).hasCount(1);
        Assertions.assertThat(server.requests().get(1).path("messages"))
                .isEqualTo(server.requests().getFirst().path("messages"));
    }

    @Test
    void anEditedQuestionReplacesWhatFollows() {
        for (var text : new String[] {"One", "Two", "Three"}) {
            server.then(reply -> reply.text("Answer " + text).end("stop", 2, 0));
        }
        ask("First");
        settled();
        ask("Second");
        settled();
        page.locator(".question").first().hover();
        button("Edit message").first().click();
        var editor = page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Edit message"));
        assertThat(editor).hasValue("First");
        editor.press("Escape");
        assertThat(page.locator(".question")).hasCount(2);
        page.locator(".question").first().hover();
        button("Edit message").first().click();
        editor.fill("Changed");
        button("Send again").click();
        assertThat(answer()).containsText("Answer Three");
        settled();
        assertThat(page.locator(".bubble")).hasText("Changed");
        Assertions.assertThat(server.lastRequest().path("messages")).hasSize(1);
    }

    @Test
    void anErrorStandsInPlaceAndCanBeRetried() {
        server.then(reply -> reply.refuse(429, "Too many requests: try again in 3 seconds.", "rate_limit_error"));
        server.then(reply -> reply.text("Half").fail("The model failed.", "server_error"));
        server.then(reply -> reply.text("Half again"));
        server.then(reply -> reply.text("Whole").end("stop", 1, 0));
        ask("Try");
        var error = page.getByRole(AriaRole.ALERT);
        assertThat(error).containsText("Too many requests: try again in 3 seconds.");
        assertThat(error).containsText("Status 429, rate_limit_error");
        button("Retry").click();
        assertThat(error).containsText("The model failed.");
        assertThat(answer()).containsText("Half");
        button("Retry").click();
        assertThat(error).containsText("The answer broke off");
        assertThat(answer()).containsText("Half again");
        button("Retry").click();
        assertThat(answer()).containsText("Whole");
        settled();
        assertThat(error).isHidden();
        Assertions.assertThat(server.lastRequest().path("messages")).hasSize(1);
    }

    @Test
    void aServerThatIsGoneIsSaidSo() {
        assertThat(page.locator("#load")).containsText("1 running, 2 waiting");
        server.close();
        ask("Anyone?");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The server cannot be reached.");
        assertThat(page.locator("#load")).containsText("Offline");
        assertThat(button("Retry")).isVisible();
    }

    @Test
    void aServerThatWasStartedWithAnotherModelIsAskedForThat() {
        server.models = List.of("hadal-next");
        server.load = "{\"model\": \"hadal-next\", \"running\": 0}";
        assertThat(page.locator("#model")).hasText("hadal-next");
        server.then(reply -> reply.text("Aye").end("stop", 1, 0));
        ask("Hello");
        settled();
        Assertions.assertThat(server.lastRequest().path("model").asString()).isEqualTo("hadal-next");
    }

    @Test
    void aKeyIsAskedForAndKeptInTheTab() {
        server.key = "sk-deep";
        page.reload();
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("This server asks for a key");
        shoot("key");
        page.keyboard().press("Escape");
        server.then(reply -> reply.text("Welcome").end("stop", 1, 0));
        ask("Let me in");
        assertThat(dialog).not().containsText("did not take");
        page.keyboard().press("Enter");
        assertThat(dialog).isVisible();
        page.getByLabel("API key").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(dialog).containsText("The server did not take the key that it was given.");
        page.getByLabel("API key").fill("sk-deep");
        button("Use key").click();
        assertThat(answer()).containsText("Welcome");
        assertThat(page.locator("#model")).hasText(FakeServer.MODEL);
        Assertions.assertThat(page.evaluate("sessionStorage.getItem('hadal.key')"))
                .isEqualTo("sk-deep");
        Assertions.assertThat((String) page.evaluate("JSON.stringify(localStorage)"))
                .doesNotContain("sk-deep");
        page.reload();
        assertThat(answer()).containsText("Welcome");
        assertThat(page.locator("#model")).hasText(FakeServer.MODEL);
        assertThat(dialog).isHidden();
    }

    @Test
    void aWrongSettingKeepsNoOtherFromTheRequest() {
        server.then(reply -> reply.text("Aye").end("stop", 1, 0));
        button("Settings of this chat").click();
        page.getByLabel("Tools").fill("[{");
        page.getByLabel("Temperature").fill("9");
        page.getByLabel("System prompt").fill("Speak like a diver.");
        page.keyboard().press("Escape");
        ask("Hello");
        settled();
        var body = server.lastRequest();
        Assertions.assertThat(body.at("/messages/0/content").asString()).isEqualTo("Speak like a diver.");
        Assertions.assertThat(body.has("temperature") || body.has("tools")).isFalse();
    }

    @Test
    void settingsGoIntoTheRequest() {
        server.models = List.of(FakeServer.MODEL, "hadal-large");
        page.reload();
        server.then(reply -> reply.text("Aye").end("stop", 1, 0));
        button("Settings of this chat").click();
        page.getByLabel("Model").selectOption("hadal-large");
        page.getByLabel("System prompt").fill("Speak like a diver.");
        page.getByLabel("Temperature").fill("0.3");
        page.getByLabel("Top p").fill("0.95");
        page.getByLabel("Max tokens").fill("256");
        page.getByLabel("Seed").fill("7");
        page.getByLabel("Tools").fill("[{]");
        assertThat(page.locator("#tools-error")).containsText("The tools are not JSON");
        page.getByLabel("Tools").fill("[{\"name\": \"sonar\", \"parameters\": {}}]");
        assertThat(page.locator("#tools-error")).hasText("");
        button("Close").click();
        page.getByLabel("Max", new Page.GetByLabelOptions().setExact(true)).check();
        ask("Hello");
        settled();
        var body = server.lastRequest();
        Assertions.assertThat(body.path("model").asString()).isEqualTo("hadal-large");
        Assertions.assertThat(body.at("/messages/0/role").asString()).isEqualTo("system");
        Assertions.assertThat(body.at("/messages/0/content").asString()).isEqualTo("Speak like a diver.");
        Assertions.assertThat(body.path("temperature").asDouble()).isEqualTo(0.3);
        Assertions.assertThat(body.path("top_p").asDouble()).isEqualTo(0.95);
        Assertions.assertThat(body.path("max_tokens").asInt()).isEqualTo(256);
        Assertions.assertThat(body.path("seed").asInt()).isEqualTo(7);
        Assertions.assertThat(body.path("reasoning_effort").asString()).isEqualTo("max");
        Assertions.assertThat(body.at("/tools/0/function/name").asString()).isEqualTo("sonar");
    }
}
