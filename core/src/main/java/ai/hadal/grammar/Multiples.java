package ai.hadal.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Numbers that are multiples of another: of a whole one up to 100, by the remainders of their digits, or of 0.1,
/// 0.01 and so on, by how many digits stand behind the point.
final class Multiples {

    private static final int LARGEST = 100;
    private static final int MOST_PLACES = 10;

    /// Digits of a multiple of a whole number.
    private static final int MAX_DIGITS = 18;

    /// So many between two bounds are written out.
    private static final int MOST_LISTED = 1000;

    private Multiples() {}

    /// What a number must be a multiple of to be one of both; null if that is beyond what can be said here.
    ///
    /// @param one null if there is no demand yet
    static @Nullable BigDecimal common(@Nullable BigDecimal one, BigDecimal other) {
        BigDecimal step = other.stripTrailingZeros();
        if (one != null) {
            BigDecimal larger = one.max(step);
            if (larger.remainder(one.min(step)).signum() != 0) {
                return null;
            }
            step = larger;
        }
        boolean whole = step.scale() <= 0 && step.compareTo(BigDecimal.valueOf(LARGEST)) <= 0;
        boolean places = step.scale() > 0
                && step.scale() <= MOST_PLACES
                && step.unscaledValue().equals(BigInteger.ONE);
        return whole ? step.setScale(0) : places ? step : null;
    }

    /// The multiples of a whole number from `low` to `high`; null is no bound.
    ///
    /// @return null if there are too many to list, and the bounds are not just a sign
    static @Nullable Expression integers(int step, @Nullable BigInteger low, @Nullable BigInteger high) {
        if (low != null && high != null) {
            return listed(BigInteger.valueOf(step), low, high);
        }
        if (high != null || (low != null && low.signum() != 0)) {
            return null;
        }
        Expression natural = naturals(step);
        return low != null ? natural : Expression.sequence(Expression.optional(Expression.text("-")), natural);
    }

    private static @Nullable Expression listed(BigInteger step, BigInteger low, BigInteger high) {
        BigInteger first = low.add(low.negate().mod(step));
        if (high.subtract(first).divide(step).compareTo(BigInteger.valueOf(MOST_LISTED)) > 0) {
            return null;
        }
        var ways = new ArrayList<Expression>();
        for (BigInteger n = first; n.compareTo(high) <= 0; n = n.add(step)) {
            ways.add(Expression.text(n.toString()));
        }
        return new Expression.Choice(ways);
    }

    private static Expression naturals(int step) {
        // What may follow a remainder, with ever more digits to come.
        var rest = new ArrayList<Expression>();
        for (int remainder = 0; remainder < step; remainder++) {
            rest.add(remainder == 0 ? Expression.EMPTY : Expression.NEVER);
        }
        for (int digits = 1; digits < MAX_DIGITS; digits++) {
            var longer = new ArrayList<Expression>();
            for (int remainder = 0; remainder < step; remainder++) {
                var ways = new ArrayList<Expression>(remainder == 0 ? List.of(Expression.EMPTY) : List.of());
                ways.addAll(next(step, remainder, 0, rest));
                longer.add(new Rule("multiple", new Expression.Choice(ways)).call());
            }
            rest = longer;
        }
        var ways = new ArrayList<Expression>(List.of(Expression.text("0")));
        ways.addAll(next(step, 0, 1, rest));
        return new Expression.Choice(ways);
    }

    private static List<Expression> next(int step, int remainder, int firstDigit, List<Expression> rest) {
        var ways = new ArrayList<Expression>();
        for (int digit = firstDigit; digit <= 9; digit++) {
            ways.add(Expression.sequence(
                    Expression.text(Integer.toString(digit)), rest.get((remainder * 10 + digit) % step)));
        }
        return ways;
    }

    /// Numbers with so many digits behind the point at most.
    static Expression decimals(int places, boolean negative) {
        Expression fraction = Expression.sequence(Expression.text("."), Expression.repeat(Json.DIGIT, 1, places));
        Expression whole = negative ? Json.INTEGER : Json.UNSIGNED;
        return Expression.sequence(whole, Expression.optional(fraction));
    }
}
