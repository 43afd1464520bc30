package ai.hadal.server.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The list of chats: kept in the browser, named, deleted, exported, imported, worked in by keyboard alone.
class ChatsTest extends PageTest {

    private Locator titles() {
        return page.locator("#chats .title");
    }

    private void chat(String question) {
        server.then(reply -> reply.thinking("Hm.").text("About " + question).end("stop", 2, 1));
        ask(question);
        settled();
    }

    private void chatLongerThanThePage() {
        server.then(reply -> reply.text("A line.\n\n".repeat(100)).end("stop", 1, 0));
        ask("Long");
        settled();
    }

    private void choose(String item) {
        page.locator("#chats li").first().hover();
        page.locator("#chats li .icon-button").first().click();
        page.locator("#chat-menu").getByText(item).click();
    }

    @Test
    void chatsOutliveTheTab() {
        chat("Whales");
        button("New chat").click();
        assertThat(page.locator("#welcome")).isVisible();
        chat("Squid");
        assertThat(titles()).hasText(new String[] {"Squid", "Whales"});
        titles().last().click();
        assertThat(answer()).containsText("About Whales");
        page.reload();
        assertThat(answer()).containsText("About Whales");
        assertThat(answer().locator("summary")).containsText("Thought for");
        page.goBack();
        assertThat(answer()).containsText("About Squid");
    }

    @Test
    void aChatIsRenamedDeletedAndBroughtBack() {
        chat("Whales");
        choose("Rename");
        page.getByLabel("Title").fill("Great whales");
        page.keyboard().press("Enter");
        assertThat(titles()).hasText("Great whales");
        assertThat(page.locator("#title")).hasText("Great whales");
        choose("Delete");
        assertThat(titles()).hasCount(0);
        assertThat(page.locator("#welcome")).isVisible();
        button("Undo").click();
        assertThat(titles()).hasText("Great whales");
        assertThat(answer()).containsText("About Whales");
    }

    @Test
    void exportedChatsCanBeImported() throws IOException {
        chat("Whales");
        var file = page.waitForDownload(() -> choose("Export")).path();
        var exported = JsonMapper.shared().readTree(Files.readString(file));
        Assertions.assertThat(exported.path("format").asString()).isEqualTo("hadal-chats");
        Assertions.assertThat(exported.at("/chats/0/messages/1/reasoning").asString())
                .isEqualTo("Hm.");
        page.evaluate("localStorage.clear()");
        page.navigate(server.url());
        assertThat(titles()).hasCount(0);
        page.locator("#import-file").setInputFiles(file);
        assertThat(titles()).hasText("Whales");
        assertThat(answer()).containsText("About Whales");
        page.locator("#import-file").setInputFiles(file);
        assertThat(titles()).hasCount(2);
        page.locator("#import-file")
                .setInputFiles(new FilePayload("no.json", "application/json", "{}".getBytes(StandardCharsets.UTF_8)));
        assertThat(page.locator("#notice")).containsText("The file holds no chats exported from here.");
    }

    @Test
    void draftsAreKeptForEachChat() {
        chat("Whales");
        box().fill("And their");
        button("New chat").click();
        assertThat(box()).hasValue("");
        box().fill("Something new");
        page.reload();
        assertThat(box()).hasValue("Something new");
        titles().first().click();
        assertThat(box()).hasValue("And their");
    }

    @Test
    void anAnswerGoesOnWhileAnotherChatIsOnThePage() {
        var gate = new CountDownLatch(1);
        server.then(reply -> reply.text("Slowly").await(gate).text(", it came.").end("stop", 4, 0));
        ask("Slow");
        assertThat(answer()).containsText("Slowly");
        button("New chat").click();
        chat("Quick");
        assertThat(page.getByRole(AriaRole.IMG, new Page.GetByRoleOptions().setName("answering")))
                .isVisible();
        gate.countDown();
        assertThat(page.locator("#chats .live")).hasCount(0);
        page.getByTitle("Slow", new Page.GetByTitleOptions().setExact(true)).click();
        assertThat(answer()).containsText("Slowly, it came.");
    }

    @Test
    void anAnswerCutByAReloadIsKept() {
        server.then(reply -> reply.text("Half of").await(new CountDownLatch(1)));
        server.then(reply -> reply.text("All of it").end("stop", 1, 0));
        ask("Story");
        assertThat(answer()).containsText("Half of");
        page.reload();
        assertThat(answer()).containsText("Half of");
        assertThat(answer().locator(".figures")).containsText("Stopped");
        button("Regenerate answer").click();
        assertThat(answer()).containsText("All of it");
    }

    @Test
    void aFullStorageIsSaidSo() {
        page.evaluate(
                "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }");
        server.then(reply -> reply.text("Still here").end("stop", 1, 0));
        ask("Room?");
        assertThat(page.locator("#notice")).containsText("storage is full");
        assertThat(answer()).containsText("Still here");
    }

    @Test
    void aForbiddenStorageKeepsChatsUntilThePageIsLeft() {
        context.addInitScript(
                "for (const name of ['localStorage', 'sessionStorage'])"
                        + " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });");
        page.reload();
        chat("Whales");
        assertThat(page.locator("#notice")).containsText("The browser keeps nothing for this page");
        button("New chat").click();
        chat("Squid");
        titles().last().click();
        assertThat(answer()).containsText("About Whales");
    }

    @Test
    void aChatOpensAtItsEnd() {
        chatLongerThanThePage();
        button("New chat").click();
        titles().first().click();
        assertThat(page.locator(".figures")).isInViewport();
        assertThat(page.locator("#jump")).isHidden();
    }

    @Test
    void whatAnotherTabAddsIsNotLost() {
        chat("Whales");
        var other = context.newPage();
        other.navigate(page.url());
        server.then(reply -> reply.text("About Squid").end("stop", 1, 0));
        other.locator("#message").fill("Squid");
        other.locator("#message").press("Enter");
        assertThat(page.locator(".bubble")).hasText(new String[] {"Whales", "Squid"});
        assertThat(answer()).containsText("About Squid");
        chat("Krill");
        assertThat(other.locator(".bubble")).hasText(new String[] {"Whales", "Squid", "Krill"});
        Assertions.assertThat(server.lastRequest().path("messages")).hasSize(5);
    }

    @Test
    void aDeletedChatHandsTheFocusOn() {
        chat("Whales");
        for (var question : List.of("Squid", "Krill")) {
            button("New chat").click();
            chat(question);
        }
        titles().nth(1).focus();
        page.keyboard().press("Delete");
        assertThat(titles()).hasText(new String[] {"Krill", "Whales"});
        assertThat(titles().last()).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        button("Delete").focus();
        page.keyboard().press("Enter");
        assertThat(titles()).hasText("Krill");
        assertThat(titles()).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.keyboard().press("Escape");
        assertThat(button("Rename, export or delete Krill")).isFocused();
    }

    @Test
    void messagesScrollByKeyboard() {
        chatLongerThanThePage();
        page.keyboard().press("PageUp");
        assertThat(page.locator("#jump")).isVisible();
        page.keyboard().press("PageDown");
        assertThat(page.locator("#jump")).isHidden();
        page.keyboard().press("Escape");
        page.keyboard().press("Home");
        assertThat(page.locator(".bubble")).isInViewport();
    }

    @Test
    void aKeyScrollsAChatThatWasOpenedInThisVeryFrame() {
        chatLongerThanThePage();
        button("New chat").click();
        page.evaluate("addEventListener('hashchange', () => document.getElementById('message')"
                + ".dispatchEvent(new KeyboardEvent('keydown', { key: 'PageUp' })))");
        titles().first().click();
        assertThat(page.locator("#jump")).isVisible();
    }

    @Test
    void allIsDoneByKeyboardAlone() {
        var keys = page.keyboard();
        assertThat(box()).isFocused();
        keys.type("Line one");
        keys.press("Shift+Enter");
        keys.type("line two");
        server.then(reply -> reply.text("Read").end("stop", 1, 0));
        keys.press("Enter");
        settled();
        assertThat(page.locator(".bubble")).hasText("Line one\nline two");
        keys.press("ArrowUp");
        assertThat(page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Edit message")))
                .isFocused();
        keys.press("ControlOrMeta+A");
        keys.type("Line three");
        server.then(reply -> reply.text("Read again").end("stop", 1, 0));
        keys.press("Enter");
        assertThat(answer()).containsText("Read again");
        settled();
        assertThat(box()).isFocused();
        server.then(reply -> reply.text("And again").end("stop", 1, 0));
        keys.press("Alt+r");
        assertThat(answer()).containsText("And again");
        settled();
        keys.press("Alt+m");
        assertThat(page.getByLabel("Max", new Page.GetByLabelOptions().setExact(true)))
                .isChecked();
        keys.press("Control+k");
        assertThat(page.locator("#welcome")).isVisible();
        keys.press("Alt+ArrowDown");
        assertThat(answer()).containsText("And again");
        keys.press("Escape");
        keys.press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("These keys");
        keys.press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
        keys.press("/");
        assertThat(box()).isFocused();
        everythingIsReachedWithTab();
    }

    /// Tab goes through every control that can be seen, and each shows that it has the focus.
    private void everythingIsReachedWithTab() {
        var controls = (int) page.evaluate("""
                () => {
                  window.controls = new Set([...document.querySelectorAll('button:not(:disabled), textarea, summary, input:checked')]
                    .filter((node) => node.checkVisibility({ visibilityProperty: true })));
                  addEventListener('focusin', ({ target }) => {
                    const shown = target.matches('[type=radio]') ? target.nextElementSibling : target.closest('#composer:has(#message:focus)') ?? target;
                    const style = getComputedStyle(shown);
                    if (style.outlineStyle !== 'none' || style.boxShadow !== 'none') window.controls.delete(target);
                  });
                  return window.controls.size;
                }""");
        Assertions.assertThat(controls).isGreaterThan(10);
        for (var step = 0; step < controls + 8; step++) {
            page.keyboard().press("Tab");
        }
        Assertions.assertThat(page.evaluate("[...window.controls].map((node) => node.outerHTML).join()"))
                .isEqualTo("");
    }
}
