package ai.hadal.train.nano;

import ai.hadal.train.nano.Columns.Fault;
import ai.hadal.train.nano.Columns.Pass;

/// Written multiplication and division by one digit, place by place as in [Columns].
final class Products {

    private Products() {}

    /// Product with one digit: `b4*8+5=32+5=37>376` is the product of place b, then with what was carried.
    ///
    /// @param zeros how many zeros the result ends with, for a digit that counts tens
    static Pass times(int a, int digit, int zeros, Fault fault) {
        var text = new StringBuilder(Columns.beside(a));
        int places = Columns.places(a);
        String result = "0".repeat(zeros);
        int carry = 0;
        for (int place = 0; place < places; place++) {
            int x = Columns.digit(a, place);
            int product = (x + (place == fault.place() ? fault.carry() : 0)) * digit;
            int sum = fault.sum(place, product + carry, 99);
            text.append("\n" + Columns.letter(place) + x + "*" + digit + "+" + carry + "=" + two(product) + "+" + carry
                    + "=" + two(sum));
            result = (place == places - 1 ? Integer.toString(sum) : sum % 10) + result;
            text.append('>').append(result);
            carry = sum / 10;
        }
        return new Pass(text.toString(), Integer.parseInt(result));
    }

    private static String two(int number) {
        return "" + number / 10 + number % 10;
    }

    /// Whether `product / digit` is `a`, divided from the highest place down.
    static String checkTimes(int product, int digit, int a) {
        var text = new StringBuilder(Columns.beside(product, a));
        int rest = 0;
        for (int place = Columns.places(product, a) - 1; place >= 0; place--) {
            int part = rest * 10 + Columns.digit(product, place);
            rest = part % digit;
            text.append("\n" + Columns.letter(place) + two(part) + "=" + digit + "*" + part / digit + "+" + rest);
            if (!Columns.agrees(text, part / digit, Columns.digit(a, place))) {
                return text.toString();
            }
        }
        return text.append(rest == 0 ? "\nok" : "≠").toString();
    }

    /// Quotient by one digit from 2 to 9: `b24=6*4+0>14` divides the remainder so far and the digit of place b, and
    /// puts the new digit behind the result.
    static Pass divide(int a, int digit, Fault fault) {
        var text = new StringBuilder(Columns.beside(a));
        int rest = 0;
        String result = "";
        for (int place = Columns.places(a) - 1; place >= 0; place--) {
            int part = rest * 10 + Columns.digit(a, place);
            rest = fault.sum(place, part % digit, digit - 1);
            result += part / digit;
            text.append("\n" + Columns.letter(place) + two(part) + "=" + digit + "*" + part / digit + "+" + rest);
            text.append('>').append(result);
        }
        return new Pass(text.toString(), Integer.parseInt(result) * digit + rest);
    }

    /// Whether `quotient * digit + rest` is `a`.
    static String checkDivide(int quotient, int digit, int rest, int a) {
        var text = new StringBuilder(Columns.beside(quotient, a));
        int carry = rest;
        for (int place = 0; place < Columns.places(quotient, a); place++) {
            int product = Columns.digit(quotient, place) * digit;
            int sum = product + carry;
            text.append("\n" + Columns.letter(place) + Columns.digit(quotient, place) + "*" + digit + "+" + carry);
            text.append("=" + two(product) + "+" + carry + "=" + two(sum));
            if (!Columns.agrees(text, sum % 10, Columns.digit(a, place))) {
                return text.toString();
            }
            carry = sum / 10;
        }
        return text.append("\nok").toString();
    }

    /// Whether a product can be right: casting out nines.
    static String checkNines(int a, int b, int product) {
        var text = new StringBuilder();
        int root = root(root(text, a) * root(text, b));
        text.append(root(a) + "*" + root(b) + "=" + root(a) * root(b) + ">" + root + "\n");
        int found = root(text, product);
        text.append(root);
        return text.append(Columns.agrees(text, root, found) ? "\nok" : "").toString();
    }

    /// Writes the sums of a number's digits, down to one digit: `47:4+7=11>2`.
    private static int root(StringBuilder text, int number) {
        String digits = Integer.toString(number);
        text.append(digits).append(':').append(digits.charAt(0));
        int root = digits.charAt(0) - '0';
        for (int i = 1; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            text.append("+" + digit + "=" + (root + digit) + ">" + root(root + digit));
            root = root(root + digit);
        }
        text.append('\n');
        return root;
    }

    private static int root(int number) {
        return number == 0 ? 0 : (number - 1) % 9 + 1;
    }
}
