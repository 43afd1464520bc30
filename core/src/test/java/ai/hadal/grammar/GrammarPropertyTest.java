package ai.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Grammars against definitions that need no grammar.
class GrammarPropertyTest {

    private static boolean matches(Expression expression, String text) {
        var configurations = new Configurations(Automaton.of(new Grammar(expression)), 1000);
        Configuration now = configurations.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            now = configurations.step(now, b & 0xFF);
        }
        return now.complete;
    }

    @Property(tries = 300)
    void integersLieBetweenTheirBounds(
            @ForAll("bounds") long one, @ForAll("bounds") long other, @ForAll("bounds") long drawn) {
        long low = Math.min(one, other);
        long high = Math.max(one, other);
        for (long n : new long[] {drawn, low - 1, low, low + 1, high - 1, high, high + 1, -low, -high, low * 10}) {
            String text = Long.toString(n);
            BigInteger from = BigInteger.valueOf(low);
            BigInteger to = BigInteger.valueOf(high);
            assertThat(matches(DigitRanges.integers(from, to), text))
                    .as("%d in %d..%d", n, low, high)
                    .isEqualTo(n >= low && n <= high);
            assertThat(matches(DigitRanges.integers(from, null), text)).isEqualTo(n >= low);
            assertThat(matches(DigitRanges.integers(null, to), text)).isEqualTo(n <= high);
        }
    }

    @Provide
    Arbitrary<Long> bounds() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(-120, 120),
                Arbitraries.longs().between(-1_000_000, 1_000_000),
                Arbitraries.longs().between(-1_000_000_000_000L, 1_000_000_000_000L));
    }

    @Property(tries = 500)
    void decimalsLieBetweenTheirBounds(
            @ForAll("decimals") BigDecimal one,
            @ForAll("decimals") BigDecimal other,
            @ForAll boolean lowInside,
            @ForAll boolean highInside,
            @ForAll @Size(5) List<@From("decimals") BigDecimal> drawn) {
        var low = new DecimalRanges.Bound(one.min(other), lowInside);
        var high = new DecimalRanges.Bound(one.max(other), highInside);
        if (low.value().compareTo(high.value()) == 0 && !(lowInside && highInside)) {
            return; // nothing lies between, and that is no automaton
        }
        var numbers = new ArrayList<>(drawn);
        numbers.addAll(List.of(one, other, one.negate(), one.add(new BigDecimal("0.001")), other.setScale(5)));
        for (BigDecimal number : numbers) {
            int aboveLow = number.compareTo(low.value());
            int belowHigh = high.value().compareTo(number);
            boolean inside =
                    (lowInside ? aboveLow >= 0 : aboveLow > 0) && (highInside ? belowHigh >= 0 : belowHigh > 0);
            assertThat(matches(DecimalRanges.numbers(low, high), number.toPlainString()))
                    .as("%s in %s..%s", number, low, high)
                    .isEqualTo(inside);
        }
    }

    @Provide
    Arbitrary<BigDecimal> decimals() {
        return Combinators.combine(Arbitraries.integers().between(-30_000, 30_000), Arbitraries.of(0, 1, 2, 3, 4))
                .as((digits, scale) -> BigDecimal.valueOf(digits, scale));
    }

    @Property(tries = 300)
    void charactersAreThoseOfTheSet(
            @ForAll @Size(min = 1, max = 4) List<@From("codePoints") Integer> ends,
            @ForAll @From("codePoints") int drawn,
            @ForAll boolean negated) {
        CodePoints set = CodePoints.NONE;
        for (int i = 0; i + 1 < ends.size(); i += 2) {
            set = set.or(
                    CodePoints.range(Math.min(ends.get(i), ends.get(i + 1)), Math.max(ends.get(i), ends.get(i + 1))));
        }
        set = negated ? set.not() : set.or(CodePoints.range('x', 'x'));
        var tried = new ArrayList<>(ends);
        tried.add(drawn);
        tried.addAll(List.of(0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF));
        for (int c : List.copyOf(tried)) {
            tried.add(Math.max(0, c - 1));
        }
        for (int c : tried) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                assertThat(matches(new Expression.Characters(set), Character.toString(c)))
                        .as("U+%X", c)
                        .isEqualTo(set.contains(c));
            }
        }
    }

    @Provide
    Arbitrary<Integer> codePoints() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(0, 0x100),
                        Arbitraries.integers().between(0x700, 0x900),
                        Arbitraries.integers().between(0xD000, 0xF000),
                        Arbitraries.integers().between(0, 0x10FFFF))
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    }

    @Property(tries = 500)
    void patternsMatchWhatJavaMatches(@ForAll("patterns") String pattern, @ForAll("texts") List<String> texts) {
        Expression expression = RegexParser.parse(pattern).expression(Letters.RAW);
        var java = Pattern.compile(pattern);
        for (String text : texts) {
            assertThat(matches(expression, text))
                    .as("%s in %s", pattern, text)
                    .isEqualTo(java.matcher(text).find());
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        Arbitrary<String> atoms =
                Arbitraries.of("a", "b", ".", "[ab]", "[^a]", "\\d", "(?:ab|c)", "(a|b*)", "\\w", "(?:(?:a+b)?)");
        Arbitrary<String> repeats = Arbitraries.of("", "", "*", "+", "?", "{2}", "{0,3}", "{1,}", "+?");
        Arbitrary<String> part = Combinators.combine(atoms, repeats).as((a, r) -> a + r);
        Arbitrary<String> parts = part.list().ofMinSize(1).ofMaxSize(4).map(list -> String.join("", list));
        Arbitrary<String> anchored = Combinators.combine(Arbitraries.of("^", ""), parts, Arbitraries.of("$", ""))
                .as((start, middle, end) -> start + middle + end);
        return anchored.list().ofMinSize(1).ofMaxSize(2).map(list -> String.join("|", list));
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.of("a", "b", "c", "1", "é")
                .list()
                .ofMaxSize(6)
                .map(list -> String.join("", list))
                .list()
                .ofSize(8);
    }

    @Property(tries = 300)
    void textsWithoutStringsAreThose(
            @ForAll @Size(min = 1, max = 3) List<@From("strings") String> strings,
            @ForAll @Size(8) List<@From("strings") String> texts) {
        for (String text : texts) {
            assertThat(matches(new Expression.Without(strings), text))
                    .isEqualTo(strings.stream().noneMatch(text::contains));
        }
    }

    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.of("a", "b", "é", "｜")
                .list()
                .ofMinSize(1)
                .ofMaxSize(7)
                .map(list -> String.join("", list));
    }

    @Property(tries = 300)
    void otherNamesAreThose(
            @ForAll @Size(max = 4) List<@From("strings") String> names,
            @ForAll @Size(8) List<@From("strings") String> texts) {
        Expression others = OtherNames.of(names, CodePoints.of("abé"));
        var all = new ArrayList<>(texts);
        all.addAll(names);
        for (String text : all) {
            assertThat(matches(others, text)).isEqualTo(!names.contains(text) && !text.contains("｜"));
        }
        assertThat(matches(others, "")).isFalse();
    }

    @Property(tries = 200)
    void boundedTextsHaveTheirMasks(
            @ForAll @IntRange(max = 40) int min, @ForAll @IntRange(max = 60) int more, @ForAll long seed) {
        var grammar = Vocabularies.SMALL.compile(
                Gbnf.parse("root ::= \"\\\"\" [^\"]{%d,%d} \"\\\"\"".formatted(min, Math.max(1, min + more))));
        Walk.compareWithBruteForce(grammar, seed, 40);
    }
}
