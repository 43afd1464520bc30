package ai.hadal.train.nano;

import ai.hadal.train.nano.Worked.Slip;
import java.util.List;

/// What follows from "all A are B", "no A is a B" and one fact.
final class Rules {

    private record Kind(String one, String many, String chinese) {

        String in(Language language) {
            return language.say(one, chinese);
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("king", "kings", "国王"),
            new Kind("teacher", "teachers", "老师"),
            new Kind("farmer", "farmers", "农民"),
            new Kind("doctor", "doctors", "医生"),
            new Kind("singer", "singers", "歌手"),
            new Kind("driver", "drivers", "司机"),
            new Kind("writer", "writers", "作家"),
            new Kind("student", "students", "学生"),
            new Kind("painter", "painters", "画家"),
            new Kind("runner", "runners", "跑步者"));

    private Rules() {}

    /// The fact is "name is an A", the question "is name a B".
    static Worked worked(Draw draw, Language language) {
        var kinds = draw.some(KINDS, 3);
        String name = draw.of(Names.of(language));
        var a = kinds.get(0);
        var b = kinds.get(1);
        var c = kinds.get(2);
        int form = draw.integer(0, 4);
        String space = language.say(" ", "");
        String rules = switch (form) {
            case 0 -> all(language, a, b);
            case 1 -> language.say("No " + a.one + " is a " + b.one + ".", "没有" + a.chinese + "是" + b.chinese + "。");
            case 2 -> all(language, a, c) + space + all(language, c, b);
            case 3 -> all(language, b, a);
            default -> all(language, c, b);
        };
        String known = name + " > " + a.in(language);
        String found = switch (form) {
            case 0 -> " > " + b.in(language);
            case 1 -> " ≠ " + b.in(language);
            case 2 -> " > " + c.in(language) + " > " + b.in(language);
            default -> " > ?";
        };
        String answer = switch (form) {
            case 0, 2 -> language.say("yes", "是");
            case 1 -> language.say("no", "不是");
            default -> language.say("unknown", "不知道");
        };
        String back = switch (form) {
            case 0 -> b.in(language) + " < " + a.in(language) + " < " + name;
            case 1 -> b.in(language) + " ≠ " + a.in(language) + " < " + name;
            case 2 -> b.in(language) + " < " + c.in(language) + " < " + a.in(language) + " < " + name;
            case 3 -> b.in(language) + " < ?";
            default -> b.in(language) + " < " + c.in(language) + " < ?";
        };
        return new Worked(
                language,
                form + " " + name + " " + a.one + " " + b.one + (form == 2 || form == 4 ? " " + c.one : ""),
                rules
                        + space
                        + language.say(
                                name + " is a " + a.one + ". Is " + name + " a " + b.one + "?",
                                name + "是" + a.chinese + "。" + name + "是" + b.chinese + "吗？"),
                answer,
                known + found,
                back + "\nok",
                form < 2 ? null : new Slip(known + (form == 2 ? " > ?" : " > " + b.in(language)), back + "≠"));
    }

    private static String all(Language language, Kind a, Kind b) {
        return language.say("All " + a.many + " are " + b.many + ".", "所有" + a.chinese + "都是" + b.chinese + "。");
    }
}
