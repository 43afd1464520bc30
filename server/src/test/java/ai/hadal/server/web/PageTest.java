package ai.hadal.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// The page in a real Chromium before a scripted server. Every test also proves that the page broke no policy,
/// raised no error and asked no other origin.
@SuppressWarnings("NullAway.Init")
abstract class PageTest {
    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final String SHOTS = System.getProperty("hadal.shots", "target/shots");
    private static final int PATIENCE_MS = 30_000;

    private static Playwright playwright;
    private static Browser browser;
    FakeServer server;
    BrowserContext context;
    Page page;
    private final List<String> wrongs = new ArrayList<>();

    @BeforeAll
    static void launch() {
        var chromium = Stream.concat(Stream.ofNullable(System.getenv("HADAL_CHROMIUM")), PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(
                chromium.isPresent(),
                "No Chromium at " + PLACES + ": install it, or name it in HADAL_CHROMIUM, to test the page");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    }

    @AfterAll
    static void quit() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        open(new Browser.NewContextOptions().setViewportSize(1200, 800));
    }

    @AfterEach
    void nothingWasWrong() {
        context.close();
        server.close();
        assertThat(wrongs).isEmpty();
    }

    /// Where the page is.
    String address() {
        return server.url();
    }

    /// Opens the page in a window of this kind, as a visitor who was never here.
    final void open(Browser.NewContextOptions options) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MS);
        context.onPage(this::watch);
        page = context.newPage();
        page.addInitScript("addEventListener('securitypolicyviolation',"
                + " (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))");
        page.navigate(address());
    }

    private void watch(Page opened) {
        opened.onPageError(error -> wrongs.add("error: " + error));
        opened.onDialog(dialog -> {
            wrongs.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        opened.onConsoleMessage(message -> {
            if (message.text().contains("policy") || message.text().contains("Content Security Policy")) {
                wrongs.add(message.text());
            }
        });
        opened.onRequest(request -> {
            if (!request.url().startsWith(address()) && !request.url().startsWith("blob:")) {
                wrongs.add("request: " + request.url());
            }
        });
    }

    final Locator box() {
        return page.getByRole(
                AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message").setExact(true));
    }

    final Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /// The last answer on the page.
    final Locator answer() {
        return page.locator(".answer").last();
    }

    final void ask(String text) {
        box().fill(text);
        box().press("Enter");
    }

    /// Waits until no answer is being made.
    final void settled() {
        PlaywrightAssertions.assertThat(page.locator("#log")).hasAttribute("aria-busy", "false");
    }

    /// Keeps a picture of the page for people to look at.
    final void shoot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(SHOTS, name + ".png")));
    }
}
