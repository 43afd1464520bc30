package ai.hadal.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Markdown to elements: what each form becomes, and that a text that grew looks like one that came at once.
class MarkdownTest extends PageTest {

    private static final List<String> PIECES = List.of(
            "# Head",
            "\n",
            "\n\n",
            "- item ",
            "  - deeper ",
            "1. one ",
            "   more ",
            "> quote ",
            "```js\n",
            "```",
            "`code`",
            "``",
            "**bold**",
            "**",
            "*",
            "_em_",
            "***",
            "---",
            "| a | b |\n|---|--:|\n| 1 | 2 |\n",
            "|",
            "[a](https://b.example)",
            "[",
            "](",
            "https://c.example/d_e",
            "$x_1$",
            "$$",
            "\\(a\\)",
            "\\[",
            "\\]",
            "text ",
            "two words ",
            "中文**重点**，",
            "~~no~~",
            "<br>",
            "\\*",
            "- [x] done ",
            "```py\n# it's\n",
            "\"\"\"",
            "/*",
            "*/",
            "let a = `x",
            "'",
            "\"",
            "//",
            "  ",
            "    ",
            "\t",
            "~~~\n",
            ">",
            "+",
            "#");

    private String draw(String text) {
        return (String) page.evaluate("""
                (text) => import('./markdown.js').then(({ Markdown }) => {
                  const node = document.createElement('div');
                  new Markdown(node).draw(text, true);
                  for (const caption of node.querySelectorAll('figcaption')) caption.remove();
                  for (const element of node.querySelectorAll('*')) {
                    for (const { name } of [...element.attributes]) if (!['href', 'start', 'class'].includes(name)) element.removeAttribute(name);
                  }
                  return node.innerHTML;
                })""", text);
    }

    @Test
    void blocks() {
        assertThat(draw("One\ntwo\n\nthree")).isEqualTo("<p>One<br>two</p><p>three</p>");
        assertThat(draw("# A\n## B ##\n####### no")).isEqualTo("<h3>A</h3><h4>B</h4><p>####### no</p>");
        assertThat(draw("a\n---\nb")).isEqualTo("<p>a</p><hr><p>b</p>");
        assertThat(draw("> a\n> > b\n\nc"))
                .isEqualTo("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>");
        assertThat(draw("~~~\n```\n~~~")).isEqualTo("<figure class=\"code\"><pre><code>```</code></pre></figure>");
        assertThat(draw("```\n<b>&amp;"))
                .isEqualTo("<figure class=\"code\"><pre><code>&lt;b&gt;&amp;amp;</code></pre></figure>");
        assertThat(draw("$$\na_1 * b_1\n$$")).isEqualTo("<div class=\"math block\">$$\na_1 * b_1\n$$</div>");
        assertThat(draw("| a | b |\n|:-:|--:|\n| `x` | 1 \\| 2 |"))
                .isEqualTo(
                        "<div class=\"table\"><table><thead><tr><th class=\"center\">a</th><th class=\"right\">b</th></tr></thead>"
                                + "<tbody><tr><td class=\"center\"><code>x</code></td><td class=\"right\">1 | 2</td></tr></tbody></table></div>");
    }

    @Test
    void lists() {
        assertThat(draw("- a\n- b\n  - c\n    - d\n- e"))
                .isEqualTo("<ul><li>a</li><li>b<ul><li>c<ul><li>d</li></ul></li></ul></li><li>e</li></ul>");
        assertThat(draw("3. a\n  - b\n    - c\n4. d"))
                .isEqualTo("<ol start=\"3\"><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ol>");
        assertThat(draw("1. a\n\n   more\n\n2. b")).isEqualTo("<ol><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>");
        assertThat(draw("1. a\n   ```\n   x\n   ```\n2. b"))
                .isEqualTo("<ol><li>a<figure class=\"code\"><pre><code>x</code></pre></figure></li><li>b</li></ol>");
        assertThat(draw("- [x] a")).isEqualTo("<ul><li class=\"task\"><input>a</li></ul>");
        assertThat(draw("- a\n* b")).isEqualTo("<ul><li>a</li></ul><ul><li>b</li></ul>");
    }

    @Test
    void inlines() {
        assertThat(draw("**a *b* c** ***d*** snake_case_name _e_ ~~f~~"))
                .isEqualTo(
                        "<p><strong>a <em>b</em> c</strong> <em><strong>d</strong></em> snake_case_name <em>e</em> <del>f</del></p>");
        assertThat(draw("“**重点**”和**“引号”**后")).isEqualTo("<p>“<strong>重点</strong>”和<strong>“引号”</strong>后</p>");
        assertThat(draw("`` a`b `` `*x*` 2 * 3 * 4")).isEqualTo("<p><code>a`b</code> <code>*x*</code> 2 * 3 * 4</p>");
        assertThat(draw("\\*a\\* \\(x_1\\) $y_2$ costs $5 and $6"))
                .isEqualTo(
                        "<p>*a* <span class=\"math\">\\(x_1\\)</span> <span class=\"math\">$y_2$</span> costs $5 and $6</p>");
        assertThat(draw("[**a**](https://a.example/b_(c) \"t\"), <https://d.example> https://e.example/f."))
                .isEqualTo(
                        "<p><a href=\"https://a.example/b_(c)\"><strong>a</strong></a>, "
                                + "<a href=\"https://d.example/\">https://d.example</a> <a href=\"https://e.example/f\">https://e.example/f</a>.</p>");
        assertThat(draw("![alt](https://a.example/p.png)"))
                .isEqualTo("<p><a href=\"https://a.example/p.png\">alt</a></p>");
        assertThat(draw("a&nbsp;&lt;i&gt; &#8594;&#x2192; `&lt;` &none; &#0; &amp;lt; \\&lt; A&B; &"))
                .isEqualTo(
                        "<p>a&nbsp;&lt;i&gt; →→ <code>&amp;lt;</code> &amp;none; &amp;#0; &amp;lt; &amp;lt; A&amp;B; &amp;</p>");
        assertThat(draw("a\\\nb")).isEqualTo("<p>a<br>b</p>");
        assertThat(draw("a<br>b <b>c</b>")).isEqualTo("<p>a<br>b &lt;b&gt;c&lt;/b&gt;</p>");
    }

    @Test
    void aTextThatGrewLooksLikeOneThatCameAtOnce() {
        var random = new Random(11_034);
        var texts = new ArrayList<>(List.of(LooksTest.RICH));
        for (var i = 0; i < 300; i++) {
            var text = new StringBuilder();
            for (var pieces = random.nextInt(1, 40); pieces > 0; pieces--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
                if (random.nextInt(3) == 0) {
                    text.append('\n');
                }
            }
            texts.add(text.toString());
        }
        var different = page.evaluate("""
                (texts) => import('./markdown.js').then(({ Markdown }) => texts.filter((text) => {
                  const [grown, whole] = [document.createElement('div'), document.createElement('div')];
                  const growing = new Markdown(grown);
                  for (let end = 1; end <= text.length; end++) growing.draw(text.slice(0, end), false);
                  growing.draw(text, true);
                  new Markdown(whole).draw(text, true);
                  return grown.innerHTML !== whole.innerHTML;
                }))""", texts);
        assertThat((List<?>) different).isEmpty();
    }

    /// A long text must not be drawn anew for each token: the elements of its beginning stay the same ones.
    @Test
    void whatIsSettledIsNotDrawnAgain() {
        assertThat(page.evaluate("""
                import('./markdown.js').then(({ Markdown }) => {
                  const node = document.createElement('div');
                  const growing = new Markdown(node);
                  let text = '# Head\\n\\nFirst.\\n\\n```js\\nlet a;\\nlet b;';
                  growing.draw(text, false);
                  const [head, first, code] = node.children;
                  const letters = code.querySelector('code').firstChild;
                  text += '\\nlet c;\\n';
                  growing.draw(text, false);
                  const sameCode = code.isConnected || node.contains(code);
                  text += '```\\n\\n- a\\n- b';
                  growing.draw(text, false);
                  growing.draw(text, true);
                  return [head, first, code].every((child, index) => node.children[index] === child)
                    && sameCode && code.querySelector('code').firstChild === letters;
                })""")).isEqualTo(true);
    }

    @Test
    void codeIsColoured() {
        assertThat(draw("```java\nint a = f(1, \"x\"); // y\n/* z\n*/\n```"))
                .isEqualTo(
                        "<figure class=\"code\"><pre><code><span class=\"keyword\">int</span> a = <span class=\"called\">f</span>("
                                + "<span class=\"number\">1</span>, <span class=\"string\">\"x\"</span>); <span class=\"comment\">// y</span>\n"
                                + "<span class=\"comment\">/* z\n*/</span></code></pre></figure>");
        assertThat(draw("```sql\nSELECT 1 -- one\n```"))
                .contains("<span class=\"keyword\">SELECT</span>", ">-- one</span>");
        assertThat(draw("```py\ndon't # it's\n```")).contains("don't <span class=\"comment\"># it's</span>");
    }

    /// Depth, noise and sheer length are no error.
    @Test
    void oddTextsAreDrawnToo() {
        assertThat(page.evaluate("""
                import('./markdown.js').then(({ Markdown }) => ['[', '](', '*a ', '_a*', '`', '``a', '> ', '- ', '\\\\(', '$a', '<', '|', '|-', '![', '**a_b ', ' ', '#', '```js\\n/*', '```py\\n""']
                  .map((piece) => new Markdown(document.createElement('div')).draw(piece.repeat(20000), true)).length)""")).isEqualTo(19);
    }
}
