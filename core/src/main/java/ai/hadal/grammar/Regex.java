package ai.hadal.grammar;

import java.util.List;

/// A regular expression over characters, of which [RegexParser] reads the text.
sealed interface Regex {

    record One(CodePoints set) implements Regex {}

    record Sequence(List<Regex> parts) implements Regex {}

    record Choice(List<Regex> alternatives) implements Regex {}

    /// @param max or [Expression#UNBOUNDED]
    record Repeat(Regex body, int min, int max) implements Regex {}

    default Expression expression(Letters letters) {
        return switch (this) {
            case One(CodePoints set) -> letters.oneOf(set);
            case Sequence(List<Regex> parts) ->
                new Expression.Sequence(
                        parts.stream().map(part -> part.expression(letters)).toList());
            case Choice(List<Regex> alternatives) ->
                new Expression.Choice(alternatives.stream()
                        .map(alternative -> alternative.expression(letters))
                        .toList());
            case Repeat(Regex body, int min, int max) -> Expression.repeat(body.expression(letters), min, max);
        };
    }

    /// The number of characters in the shortest match.
    default long shortest() {
        return switch (this) {
            case One _ -> 1;
            case Sequence(List<Regex> parts) ->
                bounded(parts.stream().mapToLong(Regex::shortest).sum());
            case Choice(List<Regex> alternatives) ->
                alternatives.stream().mapToLong(Regex::shortest).min().orElse(0);
            case Repeat(Regex body, int min, int _) -> bounded(min * body.shortest());
        };
    }

    /// The number of characters in the longest match; [Integer#MAX_VALUE] if there is none.
    default long longest() {
        return switch (this) {
            case One _ -> 1;
            case Sequence(List<Regex> parts) ->
                bounded(parts.stream().mapToLong(Regex::longest).sum());
            case Choice(List<Regex> alternatives) ->
                alternatives.stream().mapToLong(Regex::longest).max().orElse(0);
            case Repeat(Regex body, int _, int max) ->
                body.longest() == 0
                        ? 0
                        : max == Expression.UNBOUNDED ? Integer.MAX_VALUE : bounded(max * body.longest());
        };
    }

    private static long bounded(long length) {
        return Math.min(length, Integer.MAX_VALUE);
    }
}
