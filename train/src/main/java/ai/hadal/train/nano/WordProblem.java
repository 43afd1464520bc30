package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// Short stories of one or two calculations with numbers to about fifty.
final class WordProblem implements Task {

    private record Thing(String english, String chinese) {}

    private static final List<Thing> THINGS = List.of(
            new Thing("apples", "苹果"),
            new Thing("eggs", "鸡蛋"),
            new Thing("balls", "球"),
            new Thing("cups", "杯子"),
            new Thing("pears", "梨"),
            new Thing("stones", "石头"),
            new Thing("cakes", "蛋糕"),
            new Thing("coins", "硬币"));

    @Override
    public String name() {
        return "word-problem";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var language = Language.of(draw);
        var names = draw.some(Names.of(language), 2);
        var thing = draw.of(THINGS);
        var story = new Story(draw, language, names.get(0), names.get(1), language.say(thing.english, thing.chinese));
        return story.worked(draw.integer(0, 9)).episode(draw, mode);
    }

    private record Story(Draw draw, Language language, String name, String other, String thing) {

        Worked worked(int kind) {
            return switch (kind) {
                case 0 -> more();
                case 1 -> together();
                case 2 -> fewer();
                case 3 -> boxes();
                case 4 -> price();
                case 5 -> share();
                case 6 -> moreThenFewer();
                case 7 -> change();
                case 8 -> boxesAndMore();
                default -> threeDays();
            };
        }

        private int number() {
            return draw.integer(2, draw.chance(30) ? 9 : 50);
        }

        private Worked worked(String key, String english, String chinese, Calculation... steps) {
            var step = Calculation.all(List.of(steps));
            return step.worked(language, key, language.say(english, chinese), Integer.toString(step.value()));
        }

        private String howMany() {
            return language.say(
                    draw.of("How many " + thing + " does " + name + " have now?", "How many are there now?"),
                    draw.of("现在有几个？", name + "现在有几个" + thing + "？"));
        }

        private Worked more() {
            int a = number();
            int b = number();
            String end = howMany();
            return worked(
                    "more " + a + " " + b,
                    name + " has " + a + " " + thing + " and " + draw.of("gets ", "buys ") + b + " more. " + end,
                    name + "有" + a + "个" + thing + "，又" + draw.of("得到", "买了") + b + "个。" + end,
                    Calculation.add(draw, a, b));
        }

        private Worked together() {
            int a = number();
            int b = number();
            return worked(
                    "together " + a + " " + b,
                    name + " has " + a + " " + thing + ". " + other + " has " + b + ". How many do they have together?",
                    name + "有" + a + "个" + thing + "，" + other + "有" + b + "个。他们一共有几个？",
                    Calculation.add(draw, a, b));
        }

        private Worked fewer() {
            int b = number();
            int a = b + number();
            return worked(
                    "fewer " + a + " " + b,
                    name + " has " + a + " " + thing + " and gives " + b + " to " + other + ". How many are left?",
                    name + "有" + a + "个" + thing + "，给了" + other + b + "个。还剩几个？",
                    Calculation.subtract(draw, a, b));
        }

        private Worked boxes() {
            int each = draw.integer(2, 30);
            int boxes = draw.integer(2, 9);
            return worked(
                    "boxes " + each + " " + boxes,
                    name + " has " + boxes + " boxes with " + each + " " + thing + " each. How many " + thing
                            + " are there?",
                    name + "有" + boxes + "个盒子，每个盒子有" + each + "个" + thing + "。一共有几个" + thing + "？",
                    Calculation.times(draw, each, boxes));
        }

        private Worked price() {
            int each = draw.integer(2, 30);
            int count = draw.integer(2, 9);
            return worked(
                    "price " + each + " " + count,
                    name + " buys " + count + " " + thing + " at " + each + " euros each. How many euros is that?",
                    name + "买了" + count + "个" + thing + "，每个" + each + "元。一共多少元？",
                    Calculation.times(draw, each, count));
        }

        private Worked share() {
            int friends = draw.integer(2, 9);
            int each = draw.integer(2, 25);
            int all = friends * each;
            return worked(
                    "share " + all + " " + friends,
                    name + " shares " + all + " " + thing + " among " + friends + " friends. How many does each get?",
                    name + "把" + all + "个" + thing + "平分给" + friends + "个朋友。每人得到几个？",
                    Calculation.divide(draw, all, friends));
        }

        private Worked moreThenFewer() {
            int a = number();
            int b = number();
            int c = draw.integer(1, a + b);
            String end = howMany();
            return worked(
                    "more fewer " + a + " " + b + " " + c,
                    name + " has " + a + " " + thing + ", gets " + b + " more and gives " + c + " to " + other + ". "
                            + end,
                    name + "有" + a + "个" + thing + "，又得到" + b + "个，给了" + other + c + "个。" + end,
                    Calculation.add(draw, a, b),
                    Calculation.subtract(draw, a + b, c));
        }

        private Worked change() {
            int each = draw.integer(2, 12);
            int count = draw.integer(2, 8);
            int paid = draw.of(List.of(50, 100));
            paid = each * count > 50 ? 100 : paid;
            return worked(
                    "change " + each + " " + count + " " + paid,
                    name + " buys " + count + " " + thing + " at " + each + " euros each and pays with " + paid
                            + " euros. How many euros come back?",
                    name + "买了" + count + "个" + thing + "，每个" + each + "元，付了" + paid + "元。找回多少元？",
                    Calculation.times(draw, each, count),
                    Calculation.subtract(draw, paid, each * count));
        }

        private Worked boxesAndMore() {
            int each = draw.integer(2, 20);
            int boxes = draw.integer(2, 9);
            int more = number();
            return worked(
                    "boxes more " + each + " " + boxes + " " + more,
                    name + " has " + boxes + " boxes with " + each + " " + thing + " each and gets " + more
                            + " more. How many " + thing + " are there now?",
                    name + "有" + boxes + "个盒子，每个盒子有" + each + "个" + thing + "，又得到" + more + "个。现在一共有几个" + thing + "？",
                    Calculation.times(draw, each, boxes),
                    Calculation.add(draw, each * boxes, more));
        }

        private Worked threeDays() {
            int a = number();
            int b = number();
            int c = number();
            return worked(
                    "three days " + a + " " + b + " " + c,
                    name + " finds " + a + " " + thing + " on Monday, " + b + " on Tuesday and " + c
                            + " on Friday. How many is that in all?",
                    name + "星期一找到" + a + "个" + thing + "，星期二" + b + "个，星期五" + c + "个。一共几个？",
                    Calculation.add(draw, a, b),
                    Calculation.add(draw, a + b, c));
        }
    }
}
