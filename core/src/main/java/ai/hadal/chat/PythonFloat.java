package ai.hadal.chat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Floating-point numbers in Python's notation.
final class PythonFloat {

    private PythonFloat() {}

    /// A float as `json.dumps` prints it.
    static String json(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Infinity" : "-Infinity";
        }
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        return sign + (value == 0 ? "0.0" : positive(Math.abs(value)));
    }

    /// Shortest digits that read back to the value: fixed notation for 1e-4 <= value < 1e16, else an exponent with a
    /// sign and at least two digits.
    private static String positive(double value) {
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (point > 16 || point <= -4) {
            int exponent = point - 1;
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return digits.charAt(0)
                    + fraction
                    + String.format(Locale.ROOT, "e%c%02d", exponent < 0 ? '-' : '+', Math.abs(exponent));
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length()) + ".0";
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }

    /// `Double.toString` gives the shortest digits but never fewer than two, so the smallest subnormals (5e-324,
    /// which Java prints as 4.9E-324) may have a shorter form.
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal rounded = decimal.round(new MathContext(1)).stripTrailingZeros();
            if (rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return decimal;
    }
}
