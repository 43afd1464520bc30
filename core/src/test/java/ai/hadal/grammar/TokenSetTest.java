package ai.hadal.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenSetTest {

    private static TokenSet of(Set<Integer> ids) {
        return TokenSet.of(ids.stream().mapToInt(i -> i).toArray());
    }

    @Property(tries = 200)
    void isASet(
            @ForAll @Size(max = 20) Set<@IntRange(max = 300) Integer> ids,
            @ForAll @Size(max = 20) Set<@IntRange(max = 300) Integer> others,
            @ForAll @IntRange(max = 400) int id) {
        TokenSet set = of(ids);
        assertThat(set.size()).isEqualTo(ids.size());
        assertThat(set.isEmpty()).isEqualTo(ids.isEmpty());
        assertThat(set.contains(id)).isEqualTo(ids.contains(id));
        var visited = new ArrayList<Integer>();
        for (int next = set.next(0); next >= 0; next = set.next(next + 1)) {
            visited.add(next);
        }
        assertThat(visited).isEqualTo(List.copyOf(new TreeSet<>(ids)));
        var both = new HashSet<>(ids);
        both.retainAll(others);
        assertThat(set.and(of(others))).isEqualTo(of(both)).hasSameHashCodeAs(of(both));
        var more = new HashSet<>(ids);
        more.add(id);
        assertThat(set.with(id)).isEqualTo(of(more));
        more.remove(id);
        assertThat(set.without(id)).isEqualTo(of(more)).hasSameHashCodeAs(of(more));
        assertThat(set).isEqualTo(of(ids));
    }

    @Property(tries = 200)
    void valuesOutsideAreFilled(
            @ForAll @Size(max = 300) Set<@IntRange(max = 300) Integer> ids,
            @ForAll @IntRange(max = 400) int size,
            @ForAll boolean inverted) {
        TokenSet set = of(ids);
        for (int id = 0; inverted && id < 300; id++) {
            set = set.contains(id) ? set.without(id) : set.with(id);
        }
        float[] values = new float[size];
        set.fillOutside(values, 7);
        for (int id = 0; id < size; id++) {
            assertThat(values[id]).isEqualTo(set.contains(id) ? 0 : 7);
        }
    }

    @Test
    void negativeIdsAreInNoSet() {
        assertThat(TokenSet.of(0).contains(-1)).isFalse();
        assertThatThrownBy(() -> TokenSet.of(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(TokenSet.of(3, 70)).hasToString("{3, 70}");
    }

    @Test
    void bothAllowWhatEachAllows() {
        assertThat(TokenConstraint.both(fixed(TokenSet.of(1, 2)), fixed(TokenSet.of(2, 3)))
                        .allowed())
                .isEqualTo(TokenSet.of(2));
        assertThat(TokenConstraint.both(fixed(null), fixed(TokenSet.of(2, 3))).allowed())
                .isEqualTo(TokenSet.of(2, 3));
        assertThat(TokenConstraint.both(fixed(TokenSet.of(1)), fixed(null)).allowed())
                .isEqualTo(TokenSet.of(1));
        assertThat(TokenConstraint.both(fixed(null), fixed(null)).allowed()).isNull();
    }

    @Test
    void bothHearOfEveryToken() {
        var grammar = Vocabularies.SMALL.compile(Gbnf.parse("root ::= \"ab\" | \"ac\""));
        var other = Vocabularies.SMALL.compile(Gbnf.parse("root ::= [a-b]+"));
        var both = TokenConstraint.both(grammar.constraint(), other.constraint());
        both.accept(Vocabularies.SMALL.tokenizer().id("a").orElseThrow());
        assertThat(both.allowed())
                .isEqualTo(TokenSet.of(Vocabularies.SMALL.tokenizer().id("b").orElseThrow()));
    }

    private static TokenConstraint fixed(@Nullable TokenSet set) {
        return new TokenConstraint() {
            @Override
            public @Nullable TokenSet allowed() {
                return set;
            }

            @Override
            public void accept(int id) {
                throw new AssertionError("not asked for");
            }
        };
    }
}
