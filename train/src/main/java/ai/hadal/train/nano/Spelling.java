package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.train.nano.Worked.Slip;
import java.util.List;
import java.util.Locale;

/// Letters of words and digits of numbers: spelt, backwards, counted, picked, in capitals, joined.
///
/// Letters stand apart, in steps and answers, because a tokenizer cuts words into pieces of several letters.
final class Spelling implements Task {

    private static final List<String> WORDS = List.of(
            "apple", "arm", "ball", "banana", "bear", "bed", "bell", "bird", "boat", "book", "bread", "bus", "cake",
            "cat", "chair", "coffee", "cup", "day", "dog", "door", "duck", "egg", "eye", "farm", "fish", "foot", "fox",
            "game", "garden", "glass", "green", "hand", "hat", "hill", "horse", "house", "ice", "king", "lake",
            "letter", "lion", "milk", "moon", "mouse", "night", "nose", "paper", "pen", "pepper", "rain", "red",
            "river", "road", "room", "school", "sea", "sheep", "ship", "shoe", "sky", "snow", "spoon", "star", "street",
            "sun", "table", "tea", "tree", "water", "window");
    private static final List<String> PLACES = List.of("first", "second", "third", "fourth", "fifth");

    @Override
    public String name() {
        return "strings";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        String text = draw.chance(40) ? Integer.toString(Addition.number(draw, draw.integer(3, 6))) : draw.of(WORDS);
        if (Character.isLetter(text.charAt(0)) && draw.chance(50)) {
            text = made(draw);
        }
        var worked = switch (draw.integer(0, 5)) {
            case 0 -> spelt(draw, language, text);
            case 1 -> backwards(draw, language, text);
            case 2 -> count(draw, language, text);
            case 3 -> nth(draw, language, text);
            case 4 -> joined(draw, language, text);
            default -> Character.isLetter(text.charAt(0)) ? capitals(language, text) : last(draw, language, text);
        };
        return worked.episode(draw, mode);
    }

    /// A word that is none, so that spelling is read and not remembered.
    private static String made(Draw draw) {
        var word = new StringBuilder();
        for (int i = draw.integer(2, 3); i > 0; i--) {
            word.append(draw.of(List.of("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z")));
            word.append(draw.of(List.of("a", "e", "i", "o", "u")));
        }
        return word.toString();
    }

    private static String apart(String text) {
        return String.join(" ", text.split(""));
    }

    private static String oneByOne(String text) {
        return Character.isDigit(text.charAt(0)) ? ", digit by digit." : ", letter by letter.";
    }

    private static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    /// One letter, or one digit, replaced by the one after it.
    private static String miswritten(Draw draw, String text) {
        int at = draw.integer(0, text.length() - 1);
        char wrong = text.charAt(at);
        wrong = wrong == 'z' ? 'a' : wrong == '9' ? '0' : (char) (wrong + 1);
        return text.substring(0, at) + wrong + text.substring(at + 1);
    }

    /// Letters written so differ from the text where `≠` stands.
    private static String compare(String written, String text) {
        var check = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            check.append(i == 0 ? "" : " ")
                    .append(written.charAt(i))
                    .append(" ")
                    .append(text.charAt(i));
            if (written.charAt(i) != text.charAt(i)) {
                return check.append("≠").toString();
            }
        }
        return check.append("\nok").toString();
    }

    private static Worked spelt(Draw draw, Language language, String text) {
        String head = text + ": ";
        String wrong = miswritten(draw, text);
        return new Worked(
                language,
                "spell " + text,
                language.say(
                        Character.isDigit(text.charAt(0))
                                ? "Write " + text + " digit by digit."
                                : "Spell " + text + ".",
                        "逐个写出" + text + "的字符。"),
                apart(text),
                head + apart(text),
                compare(text, text),
                new Slip(head + apart(wrong), compare(wrong, text)));
    }

    private static Worked backwards(Draw draw, Language language, String text) {
        String back = reversed(text);
        String head = text + ": " + apart(text) + "\n";
        String wrong = miswritten(draw, back);
        return new Worked(
                language,
                "backwards " + text,
                language.say(
                        draw.of("Write " + text + " backwards" + oneByOne(text), "Reverse " + text + oneByOne(text)),
                        draw.of("把" + text + "倒过来逐个写出。", "倒着写" + text + "。")),
                apart(back),
                head + apart(back),
                back + ": " + apart(text) + "\n" + compare(text, text),
                new Slip(
                        head + apart(wrong),
                        wrong + ": " + apart(reversed(wrong)) + "\n" + compare(reversed(wrong), text)));
    }

    private static Worked count(Draw draw, Language language, String text) {
        char letter = draw.chance(80)
                ? text.charAt(draw.integer(0, text.length() - 1))
                : Character.isDigit(text.charAt(0)) ? '7' : 'e';
        String kind = Character.isDigit(letter) ? language.say("digit ", "数字") : language.say("letter ", "字母");
        int count = (int) text.chars().filter(c -> c == letter).count();
        return new Worked(
                language,
                "count " + letter + " " + text,
                language.say(
                        draw.of(
                                "How many times is the " + kind + letter + " in " + text + "?",
                                "Count the " + kind + letter + " in " + text + "."),
                        text + "里有几个" + kind + letter + "？"),
                Integer.toString(count),
                counted(text, letter, 0),
                counted(reversed(text), letter, 0) + ":" + count + "\nok",
                new Slip(counted(text, letter, 1), counted(reversed(text), letter, 0) + ":" + (count + 1) + "≠"));
    }

    /// Every letter with the count so far: `p 1 e 1 p 2`.
    ///
    /// @param off what the last count is wrong by
    private static String counted(String text, char letter, int off) {
        var steps = new StringBuilder(Character.toString(letter)).append(":");
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            count += c == letter ? 1 : 0;
            steps.append(" " + c + " ").append(i == text.length() - 1 ? count + off : count);
        }
        return steps.toString();
    }

    private static Worked nth(Draw draw, Language language, String text) {
        int n = draw.integer(1, Math.min(text.length(), PLACES.size()));
        boolean digits = Character.isDigit(text.charAt(0));
        var steps = new StringBuilder();
        for (int i = 0; i < n; i++) {
            steps.append(i == 0 ? "" : " ").append(i + 1).append(" ").append(text.charAt(i));
        }
        String letter = text.substring(n - 1, n);
        return new Worked(
                language,
                "nth " + n + " " + text,
                language.say(
                        "What is the " + PLACES.get(n - 1) + (digits ? " digit" : " letter") + " of " + text + "?",
                        text + "的第" + n + "个" + (digits ? "数字" : "字母") + "是什么？"),
                letter,
                text + ": " + steps,
                apart(text.substring(0, n)) + ": " + n + " " + letter + "\nok",
                null);
    }

    private static Worked last(Draw draw, Language language, String text) {
        boolean last = draw.chance(60);
        String letter = last ? text.substring(text.length() - 1) : text.substring(0, 1);
        return new Worked(
                language,
                (last ? "last " : "first ") + text,
                language.say(
                        "What is the " + (last ? "last" : "first") + " digit of " + text + "?",
                        text + "的" + (last ? "最后" : "第") + "一个数字是什么？"),
                letter,
                text + ": " + apart(text) + "\n" + letter,
                reversed(text) + ": " + apart(reversed(text)) + "\n" + letter + "\nok",
                null);
    }

    private static Worked capitals(Language language, String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        var pairs = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            pairs.append(i == 0 ? "" : " ").append(text.charAt(i)).append(" ").append(upper.charAt(i));
        }
        return new Worked(
                language,
                "capitals " + text,
                language.say("Spell " + text + " in capital letters.", "用大写字母逐个写出" + text + "。"),
                apart(upper),
                text + ": " + apart(text) + "\n" + apart(upper),
                pairs + "\nok",
                null);
    }

    private static Worked joined(Draw draw, Language language, String text) {
        String other = Character.isDigit(text.charAt(0))
                ? Integer.toString(Addition.number(draw, draw.integer(1, 3)))
                : draw.of(WORDS);
        String both = text + other;
        String wrong = miswritten(draw, both);
        String head = text + ": " + apart(text) + "\n" + other + ": " + apart(other) + "\n";
        return new Worked(
                language,
                "join " + text + " " + other,
                language.say("Join " + text + " and " + other + oneByOne(text), "把" + text + "和" + other + "连起来逐个写出。"),
                apart(both),
                head + apart(both),
                compare(both, both),
                new Slip(head + apart(wrong), compare(wrong, both)));
    }
}
