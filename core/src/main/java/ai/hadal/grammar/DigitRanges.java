package ai.hadal.grammar;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whole numbers between two bounds, digit by digit.
final class DigitRanges {

    private DigitRanges() {}

    /// The integers from `low` to `high`; null is no bound.
    static Expression integers(@Nullable BigInteger low, @Nullable BigInteger high) {
        var signs = new ArrayList<Expression>();
        if (low == null || low.signum() < 0) {
            BigInteger nearest = high == null || high.signum() >= 0 ? BigInteger.ONE : high.negate();
            signs.add(Expression.sequence(Expression.text("-"), naturals(nearest, low == null ? null : low.negate())));
        }
        if (high == null || high.signum() >= 0) {
            signs.add(naturals(low == null ? BigInteger.ZERO : low.max(BigInteger.ZERO), high));
        }
        return new Expression.Choice(signs);
    }

    /// The numbers from `low` to `high`, without signs and leading zeros; without a `high`, those of a
    /// bounded number of digits.
    ///
    /// @param low not negative
    static Expression naturals(BigInteger low, @Nullable BigInteger high) {
        var ways = new ArrayList<Expression>();
        String least = low.toString();
        String most = high == null ? "9".repeat(Math.max(Json.MAX_DIGITS, least.length() + 2)) : high.toString();
        if (high != null && low.compareTo(high) > 0) {
            return Expression.NEVER;
        }
        if (least.length() == most.length()) {
            return between(least, most);
        }
        ways.add(between(least, "9".repeat(least.length())));
        if (most.length() > least.length() + 1) {
            ways.add(Expression.sequence(
                    Json.DIGIT_BUT_ZERO, Expression.repeat(Json.DIGIT, least.length(), most.length() - 2)));
        }
        ways.add(between("1" + "0".repeat(most.length() - 1), most));
        return new Expression.Choice(ways);
    }

    /// The strings of digits from one to another of the same length.
    private static Expression between(String low, String high) {
        int common = 0;
        while (common < low.length() && low.charAt(common) == high.charAt(common)) {
            common++;
        }
        Expression prefix = Expression.text(low.substring(0, common));
        if (common == low.length()) {
            return prefix;
        }
        char first = low.charAt(common);
        char last = high.charAt(common);
        String lowRest = low.substring(common + 1);
        String highRest = high.substring(common + 1);
        var ways = new ArrayList<Expression>();
        ways.add(Expression.sequence(Expression.text("" + first), atLeast(lowRest)));
        if (last - first > 1) {
            ways.add(Expression.sequence(digits(first + 1, last - 1), anyDigits(lowRest.length())));
        }
        ways.add(Expression.sequence(Expression.text("" + last), atMost(highRest)));
        return Expression.sequence(prefix, new Expression.Choice(ways));
    }

    /// Strings of the same length that are not smaller.
    private static Expression atLeast(String low) {
        var ways = new ArrayList<Expression>(List.of(Expression.text(low)));
        for (int i = 0; i < low.length(); i++) {
            if (low.charAt(i) < '9') {
                ways.add(Expression.sequence(
                        Expression.text(low.substring(0, i)),
                        digits(low.charAt(i) + 1, '9'),
                        anyDigits(low.length() - i - 1)));
            }
        }
        return new Expression.Choice(ways);
    }

    /// Strings of the same length that are not greater.
    private static Expression atMost(String high) {
        var ways = new ArrayList<Expression>(List.of(Expression.text(high)));
        for (int i = 0; i < high.length(); i++) {
            if (high.charAt(i) > '0') {
                ways.add(Expression.sequence(
                        Expression.text(high.substring(0, i)),
                        digits('0', high.charAt(i) - 1),
                        anyDigits(high.length() - i - 1)));
            }
        }
        return new Expression.Choice(ways);
    }

    static Expression digits(int first, int last) {
        return new Expression.Characters(CodePoints.range(first, last));
    }

    private static Expression anyDigits(int count) {
        return Expression.repeat(Json.DIGIT, count, count);
    }
}
