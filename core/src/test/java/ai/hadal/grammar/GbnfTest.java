package ai.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GbnfTest {

    private static final String ARITHMETIC = """
            root  ::= (expr "=" ws term "\\n")+
            expr  ::= term ([-+*/] term)*
            term  ::= ident | num | "(" ws expr ")" ws
            ident ::= [a-z] [a-z0-9_]* ws
            num   ::= [0-9]+ ws
            ws    ::= [ \\t\\n]*
            """;

    private static final String CHESS = """
            # moves of a game, one turn a line
            root ::= ([1-9] [0-9]? ". " move " " move "\\n"){1,5}
            move ::= (pawn | piece | castle) [+#]?   # check, mate
            pawn ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBKQR])?
            piece ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]
            castle ::= "O-O" "-O"?
            """;

    private static final String JSON = """
            root   ::= object
            value  ::= object | array | string | number | ("true" | "false" | "null") ws
            object ::= "{" ws (
                         string ":" ws value
                         ("," ws string ":" ws value)*
                       )? "}" ws
            array  ::= "[" ws ( value ("," ws value)* )? "]" ws
            string ::= "\\"" ([^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4}))* "\\"" ws
            number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
            ws     ::= | " " | "\\n" [ \\t]{0,20}
            """;

    static final List<String> GRAMMARS = List.of(
            ARITHMETIC,
            CHESS,
            JSON,
            "root ::= \"é\"{2,3} [^a-z😀] . [\\u00e0-\\u00ff\\U0001F600]*",
            "root ::= s\ns ::= \"a\" s \"b\" | \"a\" s \"c\" | \"a\"",
            "root ::= \"a\" root? \"aa\" | (\"ab\" | \"a\" \"b\"?){2,400} \"\\\"\"",
            "root ::= x{3} y{0,2} y{2,}\nx ::= \"a\"? \"b\"?\ny ::= (\"a\" | \"ab\")*");

    @Test
    void textsOfAnArithmeticGrammarAreAccepted() {
        var grammar = Vocabularies.NANO.compile(Gbnf.parse(ARITHMETIC));
        assertThat(Walk.accepts(grammar, "1+2*(a_1 -3) = x\n7/7=1\n")).isTrue();
        assertThat(Walk.accepts(grammar, "1+=x\n")).isFalse();
        assertThat(Walk.accepts(grammar, "(1+2=x\n")).isFalse();
    }

    @Test
    void drawnGamesLookLikeGames() {
        var grammar = Vocabularies.NANO.compile(Gbnf.parse(CHESS));
        var move = "((([a-h]x)?[a-h][1-8](=[NBKQR])?)|([NBKQR][a-h]?[1-8]?x?[a-h][1-8])|(O-O(-O)?))[+#]?";
        var game = Pattern.compile("([1-9][0-9]?\\. " + move + " " + move + "\n){1,5}");
        for (int seed = 0; seed < 20; seed++) {
            assertThat(Walk.draw(grammar, seed, 100)).matches(game);
        }
        assertThat(Walk.accepts(grammar, "1. e4 e5\n2. Nf3 Nc6\n3. O-O dxe4+\n"))
                .isTrue();
        assertThat(Walk.accepts(grammar, "1. e4 e9\n")).isFalse();
    }

    @Test
    void masksAreWhatRecognisingEveryTokenSays() {
        for (String text : GRAMMARS) {
            var grammar = Vocabularies.SMALL.compile(Gbnf.parse(text));
            for (int seed = 0; seed < 10; seed++) {
                Walk.compareWithBruteForce(grammar, seed, 60);
            }
        }
    }

    @Test
    void masksAreRightOnARealVocabulary() {
        for (String text : GRAMMARS) {
            Walk.compareWithBruteForce(Vocabularies.NANO.compile(Gbnf.parse(text)), 1, 25);
        }
    }

    @Test
    void everyDrawnTextEnds() {
        for (String text : GRAMMARS) {
            var grammar = Vocabularies.SMALL.compile(Gbnf.parse(text));
            for (int seed = 0; seed < 20; seed++) {
                String drawn = Walk.draw(grammar, seed, 50);
                assertThat(Walk.accepts(grammar, drawn)).as(drawn).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, true",
        "aab, true",
        "aaabc, true",
        "aaacb, true",
        "aab c, false",
        "aaab, false",
        "aabb, false",
        "ab, false"
    })
    void ambiguousRecursionIsReadRight(String text, boolean accepted) {
        var grammar = Vocabularies.SMALL.compile(
                Gbnf.parse("root ::= s\ns ::= \"a\" s \"b\" | \"a\" s \"c\" | \"a\" | \"a\" s \"b\""));
        assertThat(Walk.accepts(grammar, text)).isEqualTo(accepted);
    }

    @Test
    void mirroredTextsAreRead() {
        var grammar = Vocabularies.SMALL.compile(
                Gbnf.parse("root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"a\" | \"b\" | \"\""));
        var random = new Random(1);
        for (int n = 0; n < 200; n++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(9); i > 0; i--) {
                text.append(random.nextBoolean() ? 'a' : 'b');
            }
            boolean mirrored = text.toString().contentEquals(new StringBuilder(text).reverse());
            assertThat(Walk.accepts(grammar, text.toString())).as("%s", text).isEqualTo(mirrored);
            assertThat(Walk.accepts(grammar, text + "" + new StringBuilder(text).reverse()))
                    .isTrue();
        }
    }

    @Test
    void charactersMayBeCutAnywhere() {
        var grammar = Vocabularies.SMALL.compile(Gbnf.parse("root ::= \"é\" [😀-😂]"));
        assertThat(Walk.accepts(grammar, "é😂")).isTrue();
        assertThat(Walk.accepts(grammar, "é😃")).isFalse();
        var tokenizer = Vocabularies.SMALL.tokenizer();
        var constraint = grammar.constraint();
        constraint.accept(tokenizer.encodeOrdinary("é")[0]);
        int[] rest = {
            -1,
            tokenizer.id("©ðŁ").orElseThrow(),
            tokenizer.id("ĺ").orElseThrow(),
            tokenizer.id("Ģ").orElseThrow()
        };
        for (int i = 1; i < rest.length; i++) {
            assertThat(constraint.allowed().contains(rest[i])).isTrue();
            constraint.accept(rest[i]);
        }
        assertThat(constraint.allowed()).isEqualTo(TokenSet.of(tokenizer.eosId()));
    }

    @Test
    void theEndIsAllowedWhereTheTextCanEnd() {
        var constraint =
                Vocabularies.NANO.compile(Gbnf.parse("root ::= \"ab\"*")).constraint();
        int eos = Vocabularies.NANO.tokenizer().eosId();
        assertThat(constraint.allowed().contains(eos)).isTrue();
        constraint.accept(Vocabularies.NANO.tokenizer().id("a").orElseThrow());
        assertThat(constraint.allowed().contains(eos)).isFalse();
        assertThatThrownBy(() -> constraint.accept(eos)).isInstanceOf(IllegalArgumentException.class);
        constraint.accept(Vocabularies.NANO.tokenizer().id("b").orElseThrow());
        constraint.accept(eos);
        assertThat(constraint.allowed()).isEqualTo(TokenSet.of(eos));
    }

    @Test
    void textsAtTheSameTimeShareWhatTheyFindOut() {
        var seeds = IntStream.range(0, 16).boxed().toList();
        var grammar = Vocabularies.NANO.compile(Gbnf.parse(JSON));
        List<String> together =
                seeds.parallelStream().map(seed -> Walk.draw(grammar, seed, 60)).toList();
        var fresh = Vocabularies.NANO.compile(Gbnf.parse(JSON));
        assertThat(together)
                .isEqualTo(
                        seeds.stream().map(seed -> Walk.draw(fresh, seed, 60)).toList());
    }

    /// Work is counted in nodes of the trie.
    @Test
    void aPlaceIsWalkedOnceHoweverDeepItLies() {
        var grammar = Vocabularies.NANO.compile(Gbnf.parse(JSON));
        int nodes = Vocabularies.NANO.trie().size();
        assertThat(Walk.accepts(grammar, "{\"a\": [\"b\", {\"c\": 1.5}, true]}"))
                .isTrue();
        long once = grammar.visited();
        assertThat(once).isBetween((long) nodes / 2, 3L * nodes);
        assertThat(Walk.accepts(grammar, "{\"a\": [\"b\", {\"c\": 1.5}, true]}"))
                .isTrue();
        assertThat(grammar.visited()).isEqualTo(once);
        String deep = "{\"a\": [".repeat(50) + "\"b\", {\"c\": 1.5}, true" + "]}".repeat(50);
        assertThat(Walk.accepts(grammar, deep)).isTrue();
        assertThat(grammar.visited() - once).isLessThan(nodes / 4);
    }

    /// Near the bound of a text every length is a place of its own, but few tokens are long enough to matter.
    @Test
    void boundedTextsCostLittleMoreThanFreeOnes() {
        var grammar = Vocabularies.NANO.compile(Gbnf.parse("root ::= \"'\" [^']{0,200} \"'\""));
        assertThat(Walk.accepts(grammar, "'" + "the cat ".repeat(20) + "'")).isTrue();
        assertThat(grammar.visited()).isLessThan(3L * Vocabularies.NANO.trie().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "root ::= \"a                | line 1, column 10: the literal is never closed",
                "root ::= [a-                | line 1, column 10: the class is never closed",
                "root ::= [b-a]              | line 1, column 11: the range of characters runs backwards",
                "root ::= (\"a\"             | line 1, column 10: the group is never closed",
                "root ::= \"a\")             | line 1, column 13: expected the end of the line, but found ')'",
                "root ::= *                  | line 1, column 10: there is nothing before '*' to repeat",
                "root ::= \"a\"{3,2}         | line 1, column 17: the most repetitions, 2, are fewer than the least, 3",
                "root ::= \"a\"{2000000}     | line 1, column 14: more than 1000000 repetitions",
                "root ::= \"\\q\"            | line 1, column 11: unknown escape '\\q'",
                "root ::= \"\\uD800\"        | line 1, column 11: this is not a Unicode character",
                "root ::= \"\\x0g\"          | line 1, column 11: the escape needs 2 hexadecimal digits",
                "root ::= a                  | line 1, column 10: the rule 'a' is not defined",
                "a ::= \"b\"                 | line 1, column 10: there is no rule 'root' to begin with",
                "root = \"b\"                | line 1, column 6: expected ::= behind the name of the rule 'root'",
                "root ::= \"b\"\\nroot ::= a | line 2, column 1: the rule 'root' is defined twice",
                "root ::= !                  | line 1, column 10: expected the end of the line, but found '!'",
            })
    void faultsAreNamedWithTheirPlace(String text, String message) {
        assertThatThrownBy(() -> Gbnf.parse(text.replace("\\n", "\n")))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("grammar, " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= root \"a\" | \"a\"",
                "root ::= a\na ::= b \"x\"\nb ::= \"y\"? a | \"z\"",
                "root ::= (\"a\"? root)+ | \"b\"",
                "root ::= (\"a\"{0,3} root){2,7} | \"b\"",
            })
    void leftRecursionIsRefused(String text) {
        assertThatThrownBy(() -> Gbnf.parse(text))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("left recursion");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root ::= \"a\" root", "root ::= a\na ::= \"x\" b\nb ::= a | \"y\" b", "root ::= []"})
    void grammarsWithoutATextAreRefused(String text) {
        assertThatThrownBy(() -> Gbnf.parse(text))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("no text satisfies");
    }

    @Test
    void hostileGrammarsAreRefusedOrHandledWithinBounds() {
        var deep = "root ::= " + "(".repeat(100_000) + "\"a\"" + ")".repeat(100_000);
        assertThatThrownBy(() -> Gbnf.parse(deep)).hasMessageContaining("nested more than");
        assertThatThrownBy(() -> Gbnf.parse("root ::= \"a\"" + "+".repeat(1_000)))
                .hasMessageContaining("repetitions");
        var wide = new StringBuilder("root ::= [");
        for (int c = 0; c < 200_000; c++) {
            wide.appendCodePoint(0x4E00 + 2 * (c % 10_000));
        }
        assertThat(Walk.accepts(Vocabularies.SMALL.compile(Gbnf.parse(wide + "]")), "一"))
                .isTrue();
        assertThatThrownBy(() -> Gbnf.parse("#".repeat(2_000_000))).hasMessageContaining("characters");

        var chain = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 3000; i++) {
            chain.append("r%d ::= r%d | \"x\" r%d\n".formatted(i, i + 1, i));
        }
        var grammars = List.of(
                chain + "r3000 ::= \"a\"",
                "root ::= ((\"a\"{0,1000}){0,1000}){0,1000} \"b\"",
                "root ::= (((\"a\"*)*)*)* \"b\"",
                "root ::= (\"a\"? \"a\"?){1000000} \"b\"",
                "root ::= s \"b\"\ns ::= \"a\" | \"a\" s | \"a\" s s | \"a\" s s s");
        for (String text : grammars) {
            var grammar = Vocabularies.SMALL.compile(Gbnf.parse(text));
            var constraint = grammar.constraint();
            int a = Vocabularies.SMALL.tokenizer().id("a").orElseThrow();
            for (int i = 0; i < 40 && constraint.allowed().contains(a); i++) {
                constraint.accept(a);
            }
            assertThat(constraint.allowed().isEmpty()).isFalse();
        }
    }
}
