package ai.hadal.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Nothing a model, a server or a file says can run, load or lead anywhere but to a plain web address.
class SafetyTest extends PageTest {

    private static final List<String> ATTACKS = List.of(
            "<script>pwned = 1</script>",
            "<img src=x onerror=\"pwned = 1\">",
            "<svg onload=pwned=1>",
            "<iframe srcdoc=\"<script>parent.pwned = 1</script>\"></iframe>",
            "[run](javascript:pwned=1)",
            "[run](JaVaScRiPt:pwned=1)",
            "[run](java&#115;cript:pwned=1)",
            "[run]( \u0001javascript:pwned=1)",
            "[run](<java\tscript:pwned=1>)",
            "[run](data:text/html,<script>pwned=1</script>)",
            "[run](vbscript:pwned)",
            "[run](//evil.example/x)",
            "[run](file:///etc/passwd)",
            "<javascript:pwned=1>",
            "![pixel](https://evil.example/pixel.png)",
            "![x](data:image/svg+xml,<svg onload=pwned=1>)",
            "[a](https://ok.example/\" onmouseover=\"pwned=1)",
            "[<img src=x onerror=pwned=1>](https://ok.example/)",
            "`<img src=x onerror=pwned=1>`",
            "| <img src=x onerror=pwned=1> |\n|---|\n| <b onclick=pwned=1>x</b> |",
            "```\"><img src=x onerror=pwned=1>\n</code></pre><script>pwned=1</script>\n```",
            "$<img src=x onerror=pwned=1>$");

    @Test
    void nothingAModelWritesRuns() {
        var text = String.join("\n\n", ATTACKS);
        server.then(reply -> reply.thinking(text)
                .text(text)
                .call(0, "<img src=x onerror=pwned=1>", "{\"a\": \"<script>pwned=1</script>\"}")
                .end("tool_calls", 1, 1));
        ask("<img src=x onerror=pwned=1>");
        settled();
        answer().locator("summary").click();
        nothingRan();
        var links = (List<?>) page.evaluate("[...document.querySelectorAll('#log a')].map((link) => link.href)");
        Assertions.assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> Assertions.assertThat((String) link).startsWith("https://"));
        Assertions.assertThat(
                        page.evaluate(
                                "[...document.querySelectorAll('#log a')].every((link) => link.rel === 'noopener noreferrer' && link.target === '_blank')"))
                .isEqualTo(true);
        assertThat(answer()).containsText("[run](javascript:pwned=1)");
        assertThat(page.locator("#chats .title")).hasText("<img src=x onerror=pwned=1>");
    }

    @Test
    void nothingAServerOrAFileSaysRuns() {
        var attack = "<img src=x onerror=pwned=1>";
        server.load = JsonMapper.shared().writeValueAsString(Map.of("model", attack, "running", 1));
        server.models = List.of(attack, attack + attack);
        page.reload();
        server.then(reply -> reply.refuse(400, attack, attack));
        ask("Hello");
        settled();
        assertThat(answer()).containsText(attack);
        button("Server load: 1 running").click();
        assertThat(page.locator("#load-figures")).containsText(attack);
        page.keyboard().press("Escape");
        var file = """
                {"format": "hadal-chats", "version": 1, "chats": [{"id": "\\"><img src=x onerror=pwned=1>", "title": "%1$s",
                 "named": true, "settings": {"system": {"a": 1}, "thinking": "%1$s", "temperature": "1"},
                 "messages": [7, {"role": "%1$s", "content": "%1$s"}, {"role": "assistant", "content": "%1$s",
                 "reasoning": ["x"], "calls": [{"id": 1, "name": "%1$s", "arguments": "%1$s", "result": "%1$s"}],
                 "figures": {"completion": "%1$s", "prompt": "%1$s", "finish": "%1$s"}}]}]}""".formatted(attack);
        page.locator("#import-file")
                .setInputFiles(
                        new FilePayload("chats.json", "application/json", file.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.locator("#title")).hasText(attack);
        assertThat(page.locator(".call .name")).hasText(attack);
        nothingRan();
    }

    private void nothingRan() {
        Assertions.assertThat(page.evaluate("typeof pwned")).isEqualTo("undefined");
        Assertions.assertThat(page.evaluate("""
                [...document.querySelectorAll('#log *, #chats *, #top *, #load-details *')]
                  .filter((node) => ['SCRIPT', 'IMG', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE', 'LINK', 'FORM'].includes(node.tagName)
                    || [...node.attributes].some(({ name }) => name.startsWith('on') || name === 'style' && !node.matches('textarea')))
                  .map((node) => node.outerHTML).join()""")).isEqualTo("");
    }

    /// The files hold no address of elsewhere but the namespace of SVG, and nothing inline.
    @Test
    void theFilesNeedNothingFromElsewhere() {
        var files = (List<?>) page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)");
        Assertions.assertThat(files).hasSizeGreaterThan(15);
        for (var file : files) {
            if (((String) file).matches(".*\\.(js|css|svg)")) {
                var text = page.request().get((String) file).text();
                Assertions.assertThat(text.replace("http://www.w3.org/2000/svg", ""))
                        .as((String) file)
                        .doesNotContainPattern("https?://[a-z]")
                        .doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(");
            }
        }
        var html = page.request().get(server.url()).text();
        Assertions.assertThat(html).doesNotContainPattern("https?://|\\sstyle=|\\son[a-z]+=|<style|<script>");
    }

    @Test
    void aServerWithoutLoadOrModelsStillServesTheChat() {
        context.route("**/load", Route::abort);
        context.route(
                "**/v1/models",
                route -> route.fulfill(new Route.FulfillOptions().setStatus(404).setBody("")));
        page.reload();
        server.then(reply -> reply.text("Here").end("stop", 1, 0));
        ask("Hello");
        assertThat(answer()).containsText("Here");
    }
}
