package ai.hadal.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import ai.hadal.server.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The page of a real server with the built-in model.
class RealServerTest extends PageTest {

    private static ServerUnderTest real;

    @BeforeAll
    static void serve() {
        real = ServerUnderTest.start();
    }

    @AfterAll
    static void stop() {
        // Where there is no Chromium, the server was never started.
        if (real != null) {
            real.close();
        }
    }

    @Override
    String address() {
        return real.uri("/").toString();
    }

    @Test
    void answersAndGoesOn() {
        // Chance shall not decide what it answers.
        button("Settings of this chat").click();
        page.getByLabel("Temperature").fill("0");
        page.keyboard().press("Escape");
        ask("What is 17 + 25?");
        assertThat(answer()).containsText("42");
        settled();
        assertThat(answer().locator(".thinking")).containsText("Thought for");
        ask("What is 36 + 87?");
        assertThat(answer()).containsText("123");
        settled();
        shoot("real-server");
    }
}
