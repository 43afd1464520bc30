package ai.hadal.train.nano;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// What a child knows: capitals, colours, opposites, days and months, sounds, legs, and words in both languages.
final class CommonFacts {

    private static final FactTable CAPITALS = new FactTable(
            List.of("The capital of $s is $v.", "$s的首都是$v。"),
            List.of(
                    "What is the capital of $s? | Which city is the capital of $s? | Name the capital of $s. | Capital of $s?",
                    "$s的首都是什么？ | $s的首都是哪里？ | $s的首都叫什么？"),
            FactTable.rows("""
                    France 法国 Paris 巴黎, Britain 英国 London 伦敦, Italy 意大利 Rome 罗马, Germany 德国 Berlin 柏林, \
                    Spain 西班牙 Madrid 马德里, Egypt 埃及 Cairo 开罗, Japan 日本 Tokyo 东京, China 中国 Beijing 北京, \
                    Russia 俄罗斯 Moscow 莫斯科, Peru 秘鲁 Lima 利马, Norway 挪威 Oslo 奥斯陆, Austria 奥地利 Vienna 维也纳, \
                    Greece 希腊 Athens 雅典, India 印度 Delhi 德里, Ireland 爱尔兰 Dublin 都柏林, Portugal 葡萄牙 Lisbon 里斯本, \
                    Korea 韩国 Seoul 首尔, \
                    Sweden - Stockholm -, Finland - Helsinki -, Poland - Warsaw -, Hungary - Budapest -, Turkey - Ankara -, \
                    Denmark - Copenhagen -, Belgium - Brussels -, Canada - Ottawa -, Cuba - Havana -, Chile - Santiago -, \
                    Thailand - Bangkok -, Vietnam - Hanoi -, Australia - Canberra -, Iran - Tehran -, Iraq - Baghdad -, \
                    Kenya - Nairobi -, Ghana - Accra -, Brazil - Brasilia -, Switzerland - Bern -, Ukraine - Kyiv -, \
                    Mexico - Mexico_City -, Syria - Damascus -, Morocco - Rabat -"""));

    private static final FactTable COLOURS = new FactTable(
            List.of("$s is $v.", "$s是$v的。"),
            List.of("What colour is $s? | Which colour is $s? | Tell me the colour of $s.", "$s是什么颜色的？ | $s什么颜色？"),
            FactTable.rows("""
                    grass 草 green 绿色, the_sky 天空 blue 蓝色, snow 雪 white 白色, blood 血 red 红色, coal - black -, \
                    milk 牛奶 white 白色, the_sun 太阳 yellow 黄色, a_banana - yellow -, a_tomato - red -, \
                    a_leaf - green -, the_sea 大海 blue 蓝色, the_night 黑夜 black 黑色, honey 蜂蜜 golden 金色, \
                    a_lemon 柠檬 yellow 黄色, a_frog 青蛙 green 绿色, a_pig 猪 pink 粉色"""));

    private static final FactTable OPPOSITES = new FactTable(
            List.of("The opposite of $s is $v.", "$s的反义词是$v。"),
            List.of(
                    "What is the opposite of $s? | Tell me the opposite of $s. | Opposite of $s?",
                    "$s的反义词是什么？ | $s的反义词？ | 什么是$s的反义词？"),
            FactTable.rows("""
                    big 大 small 小, small 小 big 大, hot 热 cold 冷, cold 冷 hot 热, old 旧 new 新, new 新 old 旧, long 长 short 短, \
                    short 短 long 长, tall 高 low 低, low 低 tall 高, heavy 重 light 轻, light 轻 heavy 重, thick 厚 thin 薄, \
                    thin 薄 thick 厚, wet - dry -, dry - wet -, fast 快 slow 慢, slow 慢 fast 快, good 好 bad 坏, bad 坏 good 好, \
                    black 黑 white 白, white 白 black 黑, open 开 closed 关, left 左 right 右, right 右 left 左, up 上 down 下, \
                    down 下 up 上, rich - poor -, poor - rich -, hard - soft -, soft - hard -"""));

    private static final FactTable DAYS = new FactTable(
            List.of("After $s comes $v.", "$s之后是$v。"),
            List.of(
                    "What comes after $s? | Which one follows $s? | What is next after $s?",
                    "$s之后是什么？ | $s后面是什么？ | $s接下来是什么？"),
            FactTable.rows("""
                    Monday 星期一 Tuesday 星期二, Tuesday 星期二 Wednesday 星期三, Wednesday 星期三 Thursday 星期四, \
                    Thursday 星期四 Friday 星期五, Friday 星期五 Saturday 星期六, Saturday 星期六 Sunday 星期日, \
                    Sunday 星期日 Monday 星期一, January 一月 February 二月, February 二月 March 三月, March 三月 April 四月, \
                    April 四月 May 五月, May 五月 June 六月, June 六月 July 七月, July 七月 August 八月, August 八月 September 九月, \
                    September 九月 October 十月, October 十月 November 十一月, November 十一月 December 十二月, \
                    December 十二月 January 一月, spring 春天 summer 夏天, summer 夏天 autumn 秋天, autumn 秋天 winter 冬天, \
                    winter 冬天 spring 春天"""));

    private static final FactTable SOUNDS = new FactTable(
            List.of("A $s says $v.", ""),
            List.of("What does a $s say? | What sound does a $s make? | How does a $s sound?", ""),
            FactTable.rows("""
                    cat - meow -, dog - woof -, cow - moo -, sheep - baa -, duck - quack -, frog - croak -, \
                    bee - buzz -, pig - oink -, mouse - squeak -"""));

    private static final FactTable LEGS = new FactTable(
            List.of("A $s has $v legs.", "$s有$v条腿。"),
            List.of("How many legs has a $s? | How many legs does a $s have?", "$s有几条腿？ | $s有多少条腿？"),
            FactTable.rows("""
                    cat 猫 4 4, dog 狗 4 4, horse 马 4 4, bird 鸟 2 2, hen 母鸡 2 2, duck 鸭子 2 2, bee 蜜蜂 6 6, spider - 8 -, \
                    fish 鱼 0 0, snake 蛇 0 0, person 人 2 2, table 桌子 4 4"""));

    private static final List<String> PLURALS = Words.words("""
            cat cats dog dogs box boxes book books car cars bus buses child children man men woman women mouse mice foot feet \
            tooth teeth knife knives leaf leaves wolf wolves sheep sheep fish fish baby babies city cities key keys house houses \
            tree trees star stars fox foxes""");

    private CommonFacts() {}

    static KnowledgeTask task() {
        return new KnowledgeTask("facts", read(false), read(true));
    }

    private static List<Knowledge> read(boolean zh) {
        var tables = Stream.of(CAPITALS, COLOURS, OPPOSITES, DAYS, SOUNDS, LEGS)
                .flatMap(table -> table.knowledge(zh).stream());
        return Stream.of(tables, translations(zh), zh ? Stream.<Knowledge>empty() : plurals())
                .flatMap(knowledge -> knowledge)
                .toList();
    }

    private static Stream<Knowledge> plurals() {
        return Stream.iterate(0, i -> i < PLURALS.size(), i -> i + 2).map(i -> {
            String one = PLURALS.get(i);
            String many = PLURALS.get(i + 1);
            return new Knowledge(
                    "One " + one + ", two " + many + ".",
                    List.of(
                            "What is the plural of " + one + "?",
                            "One " + one + ", two what?",
                            "Tell me the plural of " + one + "."),
                    many);
        });
    }

    /// Those who ask in English want the Chinese word, and the other way round.
    private static Stream<Knowledge> translations(boolean zh) {
        var words = new LinkedHashMap<String, String>();
        Stream.of(Words.ANIMALS, Words.THINGS, Words.FOODS, Words.COLOURS, Words.JOBS, Words.CITIES, Words.SECRETS)
                .flatMap(List::stream)
                .forEach(term -> words.putIfAbsent(term.en(), term.zh()));
        return words.entrySet().stream()
                .map(word ->
                        zh ? toEnglish(word.getKey(), word.getValue()) : toChinese(word.getKey(), word.getValue()));
    }

    private static Knowledge toChinese(String en, String zh) {
        return new Knowledge(
                "The Chinese word for " + en + " is " + zh + ".",
                List.of(
                        "How do you say " + en + " in Chinese?",
                        "What is " + en + " in Chinese?",
                        "Translate " + en + " into Chinese."),
                zh);
    }

    private static Knowledge toEnglish(String en, String zh) {
        return new Knowledge(zh + "的英语是" + en + "。", List.of(zh + "用英语怎么说？", zh + "的英语是什么？", "把" + zh + "翻译成英语。"), en);
    }
}
