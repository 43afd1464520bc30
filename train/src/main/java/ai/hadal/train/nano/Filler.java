package ai.hadal.train.nano;

import java.util.List;

/// Sentences that say nothing that is asked for.
final class Filler {

    private static final List<String> WHEN = List.of(
            "in the morning", "in the evening", "at noon", "at night", "on Monday", "on Friday", "last week", "today");
    private static final List<String> WEATHER = List.of("cold", "warm", "dry", "wet", "windy", "quiet", "dark", "hot");
    private static final List<String> MOTION = List.of("walked", "ran", "went", "came back", "drove", "hurried");
    private static final List<String> DEED =
            List.of("sang a song", "read the news", "made lunch", "slept well", "told a joke", "wrote a poem");

    private static final List<String> WHEN_ZH = List.of("早上", "晚上", "中午", "夜里", "星期一", "星期五", "昨天", "今天");
    private static final List<String> WEATHER_ZH = List.of("很冷", "很热", "有风", "下雨", "很安静", "天晴");
    private static final List<String> DEED_ZH = List.of("唱了一首歌", "做了午饭", "睡得很好", "讲了一个笑话", "写了一首诗");

    private Filler() {}

    static String sentence(Draw draw, boolean chinese) {
        return chinese ? sentenceZh(draw) : sentenceEn(draw);
    }

    private static String sentenceEn(Draw draw) {
        String name = draw.of(Words.NAMES);
        String place = draw.of(Words.PLACES).en();
        String animal = draw.of(Words.ANIMALS).en();
        String food = draw.of(Words.FOODS).en();
        String job = draw.of(Words.JOBS).en();
        String when = draw.of(WHEN);
        return switch (draw.integer(0, 9)) {
            case 0 -> name + " " + draw.of(MOTION) + " to the " + place + " " + when + ".";
            case 1 -> "The " + animal + " slept near the " + place + " " + when + ".";
            case 2 -> "It was " + draw.of(WEATHER) + " at the " + place + " " + when + ".";
            case 3 -> name + " bought " + food + " and went home.";
            case 4 -> name + " and " + draw.of(Words.NAMES) + " talked about the " + place + ".";
            case 5 -> "The " + job + " " + draw.of(DEED) + " " + when + ".";
            case 6 -> "The " + job + " gave " + food + " to the " + animal + ".";
            case 7 -> "There was " + Words.a(animal) + " at the " + place + ".";
            case 8 -> name + " " + draw.of(DEED) + " " + when + ".";
            default -> "The " + place + " was " + draw.of(WEATHER) + ", so " + name + " went home.";
        };
    }

    private static String sentenceZh(Draw draw) {
        String name = draw.of(Words.NAMES_ZH);
        String place = draw.of(Words.PLACES).zh();
        String animal = draw.of(Words.ANIMALS).zh();
        String food = draw.of(Words.FOODS).zh();
        String job = draw.of(Words.JOBS).zh();
        String when = draw.of(WHEN_ZH);
        return switch (draw.integer(0, 6)) {
            case 0 -> name + when + "去了" + place + "。";
            case 1 -> when + place + draw.of(WEATHER_ZH) + "。";
            case 2 -> name + "买了" + food + "就回家了。";
            case 3 -> job + when + draw.of(DEED_ZH) + "。";
            case 4 -> job + "给" + animal + "吃" + food + "。";
            case 5 -> place + "有一只" + animal + "。";
            default -> name + "和" + draw.of(Words.NAMES_ZH) + "在" + place + "说话。";
        };
    }
}
