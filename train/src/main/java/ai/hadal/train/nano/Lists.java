package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Worked.Slip;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Short lists of numbers: order, extremes, sum, count, doubles, places.
final class Lists implements Task {

    private static final List<String> PLACES = List.of("first", "second", "third", "fourth", "fifth");

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        int kind = draw.integer(0, 7);
        int most = kind == 3 || kind == 5 ? 9 : 99;
        var numbers = new ArrayList<Integer>();
        for (int i = draw.integer(3, kind == 3 ? 5 : 6); i > 0; i--) {
            numbers.add(draw.integer(1, most));
        }
        return new Question(draw, language, numbers, "[" + Sorted.join(", ", numbers) + "]")
                .worked(kind)
                .episode(draw, mode);
    }

    private record Question(Draw draw, Language language, List<Integer> numbers, String list) {

        Worked worked(int kind) {
            return switch (kind) {
                case 0 -> sorted();
                case 1 -> extreme(true);
                case 2 -> extreme(false);
                case 3 -> sum();
                case 4 -> count();
                case 5 -> distinct();
                case 6 -> reversed();
                default -> nth();
            };
        }

        private Worked of(
                String kind,
                String english,
                String chinese,
                String answer,
                String steps,
                String check,
                @Nullable Slip slip) {
            return new Worked(language, kind + " " + list, language.say(english, chinese), answer, steps, check, slip);
        }

        private Worked sorted() {
            var sorted = numbers.stream().sorted().toList();
            return of(
                    "sort",
                    draw.of("Sort the list " + list + ".", "Sort " + list + "."),
                    draw.of("把列表" + list + "排序。", "给" + list + "排序。"),
                    "[" + Sorted.join(", ", sorted) + "]",
                    Sorted.steps(numbers, -1),
                    Sorted.check(sorted, numbers.size()),
                    Comparison.slip(draw, numbers));
        }

        private Worked extreme(boolean largest) {
            int extreme = largest ? Collections.max(numbers) : Collections.min(numbers);
            String start = race(numbers, largest);
            String back = race(numbers.reversed(), largest);
            int other = other(extreme);
            return of(
                    largest ? "max" : "min",
                    "What is the " + (largest ? "largest" : "smallest") + " number in " + list + "?",
                    list + "里最" + (largest ? "大" : "小") + "的数是多少？",
                    Integer.toString(extreme),
                    start,
                    back + ":" + extreme + "\nok",
                    other == extreme
                            ? null
                            : new Slip(
                                    start.substring(0, start.lastIndexOf(' ') + 1) + other, back + ":" + other + "≠"));
        }

        /// The last number, or the one before if that is the best.
        private int other(int extreme) {
            return numbers.getLast() == extreme ? numbers.get(numbers.size() - 2) : numbers.getLast();
        }

        /// Each number against the best so far, and then the better of them: `12<47 47`.
        private static String race(List<Integer> numbers, boolean largest) {
            var text = new StringBuilder();
            int best = numbers.getFirst();
            for (int number : numbers.subList(1, numbers.size())) {
                int before = best;
                best = largest ? Math.max(best, number) : Math.min(best, number);
                text.append(text.isEmpty() ? "" : "\n").append(before);
                text.append(before < number ? "<" : before > number ? ">" : "=").append(number + " " + best);
            }
            return text.toString();
        }

        private Worked sum() {
            int sum = numbers.stream().mapToInt(Integer::intValue).sum();
            String steps = sums(numbers, 0);
            String wrong = sums(numbers, 1);
            int other = sum + 1;
            String back = sums(numbers.reversed(), 0);
            return of(
                    "sum",
                    draw.of("What is the sum of " + list + "?", "Add up " + list + "."),
                    draw.of(list + "的和是多少？", "求" + list + "的和。"),
                    Integer.toString(sum),
                    steps,
                    back + ":" + sum + "\nok",
                    new Slip(wrong, back + ":" + other + "≠"));
        }

        /// @param off what the last sum is wrong by
        private static String sums(List<Integer> numbers, int off) {
            var text = new StringBuilder();
            int sum = numbers.getFirst();
            for (int i = 1; i < numbers.size(); i++) {
                int number = numbers.get(i);
                text.append(i == 1 ? "" : "\n").append(sum + "+" + number + "=");
                sum += number;
                text.append(sum + (i == numbers.size() - 1 ? off : 0));
            }
            return text.toString();
        }

        private Worked count() {
            return of(
                    "count",
                    draw.of("How many numbers are in " + list + "?", "How long is the list " + list + "?"),
                    draw.of(list + "里有几个数？", "列表" + list + "有多长？"),
                    Integer.toString(numbers.size()),
                    counted(numbers),
                    counted(numbers.reversed()) + "\nok",
                    null);
        }

        /// Numbers behind their places: `1:47 2:12`.
        private static String counted(List<Integer> numbers) {
            var text = new StringBuilder();
            for (int i = 0; i < numbers.size(); i++) {
                text.append(i == 0 ? "" : " ").append(i + 1).append(":").append(numbers.get(i));
            }
            return text.toString();
        }

        private Worked distinct() {
            var distinct = List.copyOf(new LinkedHashSet<>(numbers));
            var seen = new LinkedHashSet<Integer>();
            var steps = new ArrayList<String>();
            for (int number : numbers) {
                boolean known = !seen.add(number);
                steps.add(number + (known ? "=" : "+") + " " + Sorted.join(" ", List.copyOf(seen)));
            }
            return of(
                    "distinct",
                    "Remove the duplicates from " + list + ".",
                    "去掉" + list + "里重复的数。",
                    "[" + Sorted.join(", ", distinct) + "]",
                    String.join("\n", steps),
                    Sorted.join("<", distinct.stream().sorted().toList()) + ":" + distinct.size() + "\nok",
                    null);
        }

        private Worked reversed() {
            var reversed = numbers.reversed();
            return of(
                    "reverse",
                    draw.of("Reverse the list " + list + ".", "Reverse " + list + "."),
                    draw.of("把列表" + list + "倒过来。", "倒序写出" + list + "。"),
                    "[" + Sorted.join(", ", reversed) + "]",
                    counted(numbers) + "\n" + Sorted.join(" ", reversed),
                    counted(reversed) + "\n" + Sorted.join(" ", numbers) + "\nok",
                    null);
        }

        private Worked nth() {
            int n = draw.integer(1, Math.min(numbers.size(), PLACES.size()));
            return of(
                    "nth " + n,
                    "What is the " + PLACES.get(n - 1) + " number in " + list + "?",
                    list + "里的第" + n + "个数是多少？",
                    Integer.toString(numbers.get(n - 1)),
                    counted(numbers.subList(0, n)),
                    counted(numbers) + "\n" + n + ":" + numbers.get(n - 1) + "\nok",
                    null);
        }
    }
}
