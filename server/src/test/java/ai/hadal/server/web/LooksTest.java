package ai.hadal.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// Themes, sizes and pictures of the page.
class LooksTest extends PageTest {

    static final String RICH = """
            The **Challenger Deep** is the deepest known point of the sea floor, in the `Mariana Trench`.

            ### What makes it so deep

            1. The Pacific plate is *old*, cold and heavy.
            2. It sinks below the Mariana plate:
               - the slab falls steeply,
               - the trench is pulled down with it.
            3. Little sediment fills it.

            | Trench | Depth | Found |
            |:-------|------:|:-----:|
            | Mariana | 10,935 m | 1875 |
            | Tonga | 10,820 m | 1952 |
            | Kuril–Kamchatka | 9,600 m | 1954 |

            ```java
            /// Pressure at a depth, in bar.
            static double pressure(double metres) {
                return 1 + metres * 1025 * 9.81 / 1e5; // salt water, not compressed
            }
            ```

            > At the bottom the pressure is about 1,100 bar.

            See [the survey](https://example.org/survey) for the data.
            """;

    private void talk() {
        server.then(reply -> reply.thinking("The user asks about depth.\n\n", "- Name the **place**.\n", "- Say why.")
                .text(RICH)
                .end("stop", 412, 96));
        ask("What is the deepest place in the sea, and why is it there?");
        settled();
    }

    @Test
    void theThemeFollowsTheSystemUntilOneIsChosen() {
        for (var scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            open(new Browser.NewContextOptions().setViewportSize(1200, 800).setColorScheme(scheme));
            var name = scheme.name().toLowerCase(Locale.ROOT);
            shoot("empty-" + name);
            Assertions.assertThat(isDark()).isEqualTo(scheme == ColorScheme.DARK);
            talk();
            shoot("desktop-" + name + "-end");
            page.mouse().move(600, 400);
            page.mouse().wheel(0, -5000);
            assertThat(page.locator(".bubble")).isInViewport();
            shoot("desktop-" + name);
        }
        button("Theme: as the system").click();
        Assertions.assertThat(isDark()).isFalse();
        button("Theme: light").click();
        Assertions.assertThat(isDark()).isTrue();
        page.reload();
        Assertions.assertThat(isDark()).isTrue();
        assertThat(button("Theme: dark")).isVisible();
    }

    @Test
    void textStandsOutInBothThemes() {
        for (var scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            open(new Browser.NewContextOptions().setViewportSize(1200, 800).setColorScheme(scheme));
            talk();
            server.then(reply -> reply.refuse(503, "The queue is full.", "overloaded_error"));
            ask("More");
            settled();
            Assertions.assertThat((Number) page.evaluate(LOWEST_CONTRAST))
                    .satisfies(
                            ratio -> Assertions.assertThat(ratio.doubleValue()).isGreaterThanOrEqualTo(4.5));
        }
    }

    @Test
    void aPhoneShowsAllWithoutScrollingSideways() {
        open(new Browser.NewContextOptions()
                .setViewportSize(360, 720)
                .setDeviceScaleFactor(2)
                .setIsMobile(true)
                .setHasTouch(true)
                .setColorScheme(ColorScheme.DARK));
        shoot("phone-empty");
        server.then(reply -> reply.thinking("Hm.")
                .text(RICH + "\n`" + "x".repeat(200) + "` " + "y".repeat(200))
                .end("stop", 412, 1));
        box().fill("What is the deepest place in the sea, and why? " + "z".repeat(120));
        button("Send").tap();
        settled();
        noSidewaysScroll();
        shoot("phone");
        assertThat(box()).isInViewport();
        assertThat(button("Send")).isInViewport();
        page.evaluate("document.getElementById('scroller').scrollTop = 300");
        shoot("phone-middle");
        button("Chats").tap();
        assertThat(button("New chat")).isInViewport();
        noSidewaysScroll();
        shoot("phone-chats");
        page.touchscreen().tap(350, 300);
        assertThat(button("New chat")).not().isInViewport();
        button("Settings of this chat").tap();
        noSidewaysScroll();
        shoot("phone-settings");
        button("Close").tap();
        Assertions.assertThat(page.evaluate(SMALL_TARGETS)).isEqualTo("");
    }

    /// As many pages as the chat needs, of messages alone, and dark on white whatever the theme.
    @Test
    void aChatIsPrintedWhole() {
        talk();
        talk();
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT).setColorScheme(ColorScheme.DARK));
        assertThat(box()).isHidden();
        assertThat(button("New chat")).isHidden();
        assertThat(button("Copy answer")).hasCount(0);
        Assertions.assertThat((Boolean) page.evaluate(
                        "document.documentElement.scrollHeight >= document.getElementById('log').offsetHeight"))
                .isTrue();
        Assertions.assertThat(page.evaluate("getComputedStyle(document.body).color"))
                .isEqualTo("rgb(15, 34, 44)");
        page.setViewportSize(760, 1000);
        shoot("printed");
    }

    @Test
    void picturesOfWhatIsRare() {
        talk();
        answer().locator("summary").click();
        answer().locator("summary").scrollIntoViewIfNeeded();
        shoot("thinking-open");
        server.then(reply -> reply.thinking("A tool.")
                .call(0, "weather", "{\"place\":\"Guam\",\"unit\":\"celsius\"}")
                .call(1, "depth", "{\"at\":[11.3,142.2]}")
                .end("tool_calls", 30, 3));
        ask("And the weather there?");
        settled();
        shoot("tools");
        page.getByLabel("Result of weather").fill("29");
        page.getByLabel("Result of depth").fill("{\"metres\": 10935}");
        server.then(reply ->
                reply.text("It is 29 °C", " at Guam").fail("The model's weights could not be read.", "server_error"));
        button("Continue with the results").click();
        settled();
        shoot("error");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        shoot("error-dark");
        var gate = new CountDownLatch(1);
        server.then(
                reply -> reply.prefill(4096, 20000).await(gate).thinking("Hm, ").await(new CountDownLatch(1)));
        button("Retry").click();
        assertThat(answer().locator("progress")).isVisible();
        shoot("prefill");
        gate.countDown();
        assertThat(answer().locator("summary")).isVisible();
        shoot("thinking-live");
        page.keyboard().press("Escape");
        settled();
        page.keyboard().press("Control+/");
        shoot("keys");
        page.keyboard().press("Escape");
        page.keyboard().press("Control+,");
        shoot("settings");
        page.keyboard().press("Escape");
        page.locator("#load").click();
        shoot("load");
        page.keyboard().press("Escape");
        page.locator("#chats li").first().hover();
        page.locator("#chats .icon-button").first().click();
        shoot("menu");
        button("Delete").click();
        shoot("deleted");
    }

    private boolean isDark() {
        return (boolean) page.evaluate("getComputedStyle(document.body).backgroundColor === 'rgb(6, 18, 26)'");
    }

    private void noSidewaysScroll() {
        Assertions.assertThat(page.evaluate("""
                [document.documentElement, ...document.querySelectorAll('#scroller, #page, #bottom, #log, dialog[open]')]
                  .filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.id || node.tagName).join()""")).isEqualTo("");
    }

    private static final String SMALL_TARGETS = """
            [...document.querySelectorAll('button, summary, fieldset label')]
              .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('[inert]'))
              .filter((node) => node.getBoundingClientRect().height < 39.5)
              .map((node) => node.outerHTML).join()""";

    /// The lowest ratio of luminances between a text and the ground it stands on (WCAG 2.2, 1.4.3).
    private static final String LOWEST_CONTRAST = """
            () => {
              const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
              const rgba = (color) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = color;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
              };
              const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
                .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = (node) => {
                for (let at = node; at; at = at.parentElement) {
                  const color = rgba(getComputedStyle(at).backgroundColor);
                  if (color[3] === 255) return color;
                }
                return rgba('Canvas');
              };
              let lowest = 21;
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const node = walker.currentNode.parentElement;
                if (!walker.currentNode.data.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
                if (node.closest('button:disabled, option')) continue;
                const [a, b] = [luminance(rgba(getComputedStyle(node).color)), luminance(ground(node))];
                lowest = Math.min(lowest, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
              }
              return lowest;
            }""";
}
