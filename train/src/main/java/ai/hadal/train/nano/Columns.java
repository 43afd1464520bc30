package ai.hadal.train.nano;

/// Written arithmetic as a small model can follow it.
///
/// Every place of a number has a letter, `a` for the ones, `b` for the tens. Numbers are first written side by side,
/// place by place: `d40c72b18a19` are 4711 and 289. From there each step names its place, so that its digits are found
/// by their letter and not by counting; has always the same width, so that carries stand at a fixed distance; and ends
/// with the result so far, so that the last step ends with the answer.
final class Columns {

    /// Written steps and what they come to.
    record Pass(String text, int value) {}

    /// How steps go wrong: at one place the carry or the sum is another.
    record Fault(int place, int carry, int sum) {

        static final Fault NONE = new Fault(-1, 0, 0);

        static Fault draw(Draw draw, int places) {
            int place = draw.integer(0, places - 1);
            return place > 0 && draw.chance(50) ? new Fault(place, 1, 0) : inSum(draw, place);
        }

        static Fault inSum(Draw draw, int place) {
            return new Fault(place, 0, draw.chance(50) ? 1 : -1);
        }

        /// The carry as written.
        int carry(int at, int right) {
            return at == place ? right ^ carry : right;
        }

        /// The sum as written, from 0 to `most`.
        int sum(int at, int right, int most) {
            int wrong = right + sum;
            return at == place && wrong >= 0 && wrong <= most ? wrong : right;
        }
    }

    private Columns() {}

    static char letter(int place) {
        return (char) ('a' + place);
    }

    static int digit(int number, int place) {
        for (int i = 0; i < place; i++) {
            number /= 10;
        }
        return number % 10;
    }

    /// How many places the longest of the numbers has.
    static int places(int... numbers) {
        int places = 1;
        for (int number : numbers) {
            places = Math.max(places, Integer.toString(number).length());
        }
        return places;
    }

    /// The numbers side by side, from the highest place down.
    static String beside(int... numbers) {
        var text = new StringBuilder();
        for (int place = places(numbers) - 1; place >= 0; place--) {
            text.append(letter(place));
            for (int number : numbers) {
                text.append(digit(number, place));
            }
        }
        return text.toString();
    }

    /// Sum of two numbers: `b1+8+1=10>00` adds the digits of place b and the carry, and puts the new digit in front of
    /// the result.
    static Pass add(int a, int b, Fault fault) {
        var text = new StringBuilder(beside(a, b));
        int places = places(a, b);
        String result = "";
        int carry = 0;
        for (int place = 0; place < places; place++) {
            int x = digit(a, place);
            int y = digit(b, place);
            carry = fault.carry(place, carry);
            int sum = fault.sum(place, x + y + carry, 19);
            text.append('\n').append(letter(place)).append(x + "+" + y + "+" + carry + "=" + sum / 10 + sum % 10);
            result = (place == places - 1 ? sum : sum % 10) + result;
            text.append('>').append(result);
            carry = sum / 10;
        }
        return new Pass(text.toString(), Integer.parseInt(result));
    }

    /// Difference of two numbers. They are compared first and exchanged if the second is larger. Then `c0-7-1=2-10>289`
    /// takes away the digit and what was borrowed, and borrows ten if needed.
    static Pass subtract(int a, int b, Fault fault) {
        int large = Math.max(a, b);
        int small = Math.min(a, b);
        var text = new StringBuilder(beside(a, b) + "\n" + compare(a, b));
        if (a < b) {
            text.append('\n').append(beside(b, a));
        }
        String result = "";
        int borrowed = 0;
        for (int place = 0; place < places(large); place++) {
            borrowed = fault.carry(place, borrowed);
            int right = digit(large, place) - digit(small, place) - borrowed;
            int ten = right < 0 ? 1 : 0;
            int rest = fault.sum(place, right + 10 * ten, 9);
            text.append('\n').append(taken(place, large, small, borrowed, rest, ten));
            result = rest + result;
            text.append('>').append(result);
            borrowed = ten;
        }
        return new Pass(text.toString(), Integer.parseInt(result));
    }

    private static String taken(int place, int a, int b, int borrowed, int rest, int ten) {
        return "" + letter(place) + digit(a, place) + "-" + digit(b, place) + "-" + borrowed + "=" + rest + "-" + ten
                + "0";
    }

    /// Where two numbers differ first, from the highest place: `d4=4c7>2`.
    static String compare(int a, int b) {
        var text = new StringBuilder();
        for (int place = places(a, b) - 1; place >= 0; place--) {
            int x = digit(a, place);
            int y = digit(b, place);
            text.append(letter(place))
                    .append(x)
                    .append(x < y ? "<" : x > y ? ">" : "=")
                    .append(y);
            if (x != y) {
                break;
            }
        }
        return text.toString();
    }

    /// Whether `sum - b` is `a`: after each step stands what it should give, and after the first that differs `≠`.
    static String checkSum(int sum, int b, int a) {
        var text = new StringBuilder(beside(sum, b, a));
        int borrowed = 0;
        for (int place = 0; place < places(sum, b, a); place++) {
            int rest = digit(sum, place) - digit(b, place) - borrowed;
            int ten = rest < 0 ? 1 : 0;
            text.append('\n').append(taken(place, sum, b, borrowed, rest + 10 * ten, ten));
            if (!agrees(text, rest + 10 * ten, digit(a, place))) {
                return text.toString();
            }
            borrowed = ten;
        }
        return text.append("\nok").toString();
    }

    /// Whether `difference + b` is `a`.
    static String checkDifference(int difference, int b, int a) {
        var text = new StringBuilder(beside(difference, b, a));
        int carry = 0;
        for (int place = 0; place < places(difference, b, a); place++) {
            int x = digit(difference, place);
            int y = digit(b, place);
            int sum = x + y + carry;
            text.append('\n').append(letter(place)).append(x + "+" + y + "+" + carry + "=" + sum / 10 + sum % 10);
            if (!agrees(text, sum % 10, digit(a, place))) {
                return text.toString();
            }
            carry = sum / 10;
        }
        return text.append("\nok").toString();
    }

    /// Writes what a step should give, and `≠` if it gives something else.
    static boolean agrees(StringBuilder text, int found, int expected) {
        text.append(':').append(expected);
        if (found != expected) {
            text.append('≠');
        }
        return found == expected;
    }

    static boolean failed(String check) {
        return check.endsWith("≠");
    }
}
