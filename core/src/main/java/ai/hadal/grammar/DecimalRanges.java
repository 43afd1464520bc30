package ai.hadal.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Decimal numbers between two bounds, without exponents.
final class DecimalRanges {

    /// An end of the range.
    ///
    /// @param inside whether the end itself belongs to it
    record Bound(BigDecimal value, boolean inside) {

        Bound negated() {
            return new Bound(value.negate(), inside);
        }

        BigInteger whole() {
            return value.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
        }

        /// The digits behind the point, without zeros at the end.
        String fraction() {
            BigDecimal rest = value.subtract(new BigDecimal(whole())).stripTrailingZeros();
            return rest.signum() == 0 ? "" : rest.toPlainString().substring(2);
        }
    }

    /// Few enough that a double between the bounds' neighbours does not round to a bound.
    private static final int MAX_DIGITS = 10;

    private static final Bound ZERO = new Bound(BigDecimal.ZERO, true);

    private static final Expression FRACTION =
            Expression.sequence(Expression.text("."), new Expression.Repeat(Json.DIGIT, 1, MAX_DIGITS));

    private DecimalRanges() {}

    /// The numbers from `low` to `high`; null is no bound.
    static Expression numbers(@Nullable Bound low, @Nullable Bound high) {
        var signs = new ArrayList<Expression>();
        if (low == null || low.value.signum() < 0) {
            Bound nearest = high == null || high.value.signum() > 0 ? ZERO : high.negated();
            signs.add(Expression.sequence(Expression.text("-"), positive(nearest, low == null ? null : low.negated())));
        }
        if (high == null || high.value.signum() >= 0) {
            signs.add(positive(low == null || low.value.signum() < 0 ? ZERO : low, high));
        }
        return new Expression.Choice(signs);
    }

    private static Expression positive(Bound low, @Nullable Bound high) {
        BigInteger first = low.whole();
        BigInteger last = high == null ? null : high.whole();
        var ways = new ArrayList<Expression>();
        if (last != null && first.equals(last)) {
            ways.add(whole(first, fractions(low, high)));
        } else if (last == null || first.compareTo(last) < 0) {
            ways.add(whole(first, fractions(low, null)));
            BigInteger next = first.add(BigInteger.ONE);
            Expression any = Expression.optional(FRACTION);
            if (last == null) {
                ways.add(Expression.sequence(DigitRanges.naturals(next, null), any));
            } else {
                ways.add(Expression.sequence(DigitRanges.naturals(next, last.subtract(BigInteger.ONE)), any));
                ways.add(whole(last, fractions(null, high)));
            }
        }
        return new Expression.Choice(ways);
    }

    private static Expression whole(BigInteger digits, Expression fraction) {
        return Expression.sequence(Expression.text(digits.toString()), fraction);
    }

    /// What may stand behind the whole part of a bound: nothing, or a point and digits.
    private static Expression fractions(@Nullable Bound low, @Nullable Bound high) {
        String from = low == null ? "" : low.fraction();
        String to = high == null ? null : high.fraction();
        boolean fromInside = low == null || low.inside;
        boolean toInside = high == null || high.inside;
        var ways = new ArrayList<Expression>();
        boolean zeroIsEnough = from.isEmpty() && fromInside;
        boolean zeroIsTooMuch = to != null && to.isEmpty() && !toInside;
        if (zeroIsEnough && !zeroIsTooMuch) {
            ways.add(Expression.EMPTY);
        }
        ways.add(Expression.sequence(
                Expression.text("."),
                digits(new Side(from, fromInside), to == null ? null : new Side(to, toInside), 0)));
        return new Expression.Choice(ways);
    }

    private record Side(String digits, boolean inside) {

        char digit(int position) {
            return position < digits.length() ? digits.charAt(position) : '0';
        }
    }

    /// At least one digit of a fraction between two that agree up to here; null is a side that no digit can
    /// break any more.
    private static Expression digits(@Nullable Side low, @Nullable Side high, int position) {
        int length = Math.max(low == null ? 0 : low.digits.length(), high == null ? 0 : high.digits.length());
        if (low == null && high == null) {
            return new Expression.Repeat(Json.DIGIT, 1, MAX_DIGITS);
        }
        if (position >= length) {
            return atTheEnd(low, high);
        }
        char least = low == null ? '0' : low.digit(position);
        char most = high == null ? '9' : high.digit(position);
        var ways = new ArrayList<Expression>();
        for (char d = least; d <= most; d++) {
            Side lowRest = low != null && d == least ? low : null;
            Side highRest = high != null && d == most ? high : null;
            var rest = new ArrayList<Expression>();
            if (isEnough(lowRest, position + 1) && isNotTooMuch(highRest, position + 1)) {
                rest.add(Expression.EMPTY);
            }
            rest.add(digits(lowRest, highRest, position + 1));
            ways.add(Expression.sequence(Expression.text("" + d), new Expression.Choice(rest)));
        }
        return new Expression.Choice(ways);
    }

    /// Digits behind all those of the bounds: any above a lower bound, zeros below an upper one.
    private static Expression atTheEnd(@Nullable Side low, @Nullable Side high) {
        if (high != null) {
            boolean equal = high.inside && (low == null || low.inside);
            return equal ? new Expression.Repeat(Expression.text("0"), 1, MAX_DIGITS) : Expression.NEVER;
        }
        Expression zeros = new Expression.Repeat(Expression.text("0"), 0, MAX_DIGITS);
        Expression more =
                Expression.sequence(zeros, Json.DIGIT_BUT_ZERO, new Expression.Repeat(Json.DIGIT, 0, MAX_DIGITS));
        return low != null && low.inside
                ? Expression.choice(more, new Expression.Repeat(Expression.text("0"), 1, MAX_DIGITS))
                : more;
    }

    private static boolean isEnough(@Nullable Side low, int position) {
        return low == null || (position >= low.digits.length() && low.inside);
    }

    private static boolean isNotTooMuch(@Nullable Side high, int position) {
        return high == null || position < high.digits.length() || high.inside;
    }
}
