package ai.hadal.train.nano;

import ai.hadal.chat.ThinkingMode;
import java.util.List;

/// Hello, thanks, goodbye: with and without a system message, one of which asks for one word only.
final class GreetingTask implements Task {

    /// As [Answer#parse]; after ` / ` stands the answer in one word.
    private static final String SHEET = """
            hello; 问好
            Hello! | Hi! | Hello there. | Hi, nice to meet you.
            Hello! How can I help you? / Hello
            你好！ | 你好。 | 很高兴认识你。
            你好！我能帮你什么？ / 你好

            the morning; 早上
            Good morning! | Good morning to you. | Morning!
            Good morning! How can I help you? / Morning
            早上好！ | 早！ | 早上好，你好。
            早上好！我能帮你什么？ / 早

            the evening; 晚上
            Good evening! | Good evening to you. | Evening!
            Good evening! How can I help you? / Evening
            晚上好！ | 晚上好，你好。
            晚上好！我能帮你什么？ / 晚上好

            thanks; 感谢
            Thanks! | Thank you! | Thank you very much. | Thanks a lot.
            You are welcome! / Welcome
            谢谢！ | 谢谢你！ | 非常感谢。
            不客气！ / 不客气

            a farewell; 再见
            Bye! | Goodbye! | See you later. | I have to go now.
            Goodbye! / Bye
            再见！ | 拜拜！ | 我要走了。
            再见！ / 再见

            the night; 晚安
            Good night! | Good night to you. | I go to bed now.
            Good night! Sleep well. / Night
            晚安！ | 我去睡觉了。
            晚安！睡个好觉。 / 晚安

            how I am; 我好不好
            How are you? | How do you do? | How is it going? | Are you well?
            I am fine, thank you. / Fine
            你好吗？ | 你怎么样？ | 最近好吗？
            我很好，谢谢。 / 很好

            help; 帮助
            Can you help me? | I need help. | Please help me. | Are you there?
            Yes, what can I do for you? / Yes
            你能帮我吗？ | 我需要帮助。 | 请帮帮我。
            可以，我能为你做什么？ / 可以

            praise; 表扬
            Well done! | Good job! | You are great. | That was right.
            Thank you! / Thanks
            做得好！ | 真棒！ | 你真厉害。
            谢谢！ / 谢谢

            blame; 批评
            That is wrong. | You are wrong. | This is not right. | Bad answer.
            I am sorry. Please ask me again. / Sorry
            不对。 | 你错了。 | 回答得不好。
            对不起，请再问我一次。 / 对不起
            """;

    private static final List<Term> SYSTEMS =
            Term.list("You are a helpful assistant. 你是一个乐于助人的助手。, Answer in one word. 请用一个词回答。, Be polite. 请有礼貌。");
    private static final int ONE_WORD = 1;

    @Override
    public String name() {
        return "greeting";
    }

    @Override
    public Episode make(Draw draw, ThinkingMode mode) {
        var script = new Script(draw, mode);
        boolean zh = draw.chance(25);
        int system = draw.chance(50) ? -1 : draw.integer(0, SYSTEMS.size() - 1);
        if (system >= 0) {
            script.system(SYSTEMS.get(system).in(zh));
        }
        boolean oneWord = system == ONE_WORD;
        var answers = Answer.parse(SHEET, zh);
        if (draw.chance(20)) {
            return named(draw, script, oneWord, zh);
        }
        Answer asked = draw.of(answers);
        String question = draw.of(asked.questions());
        var texts = asked.text().split(" / ", -1);
        Answer other = script.aside().of(answers);
        return script.user(question)
                .answer(
                        thought(script, question, asked.topic(), other.topic(), oneWord, zh),
                        oneWord ? texts[1] : texts[0])
                .end(system + question);
    }

    /// A user who says a name is greeted by it.
    private static Episode named(Draw draw, Script script, boolean oneWord, boolean zh) {
        String name = draw.of(Words.names(zh));
        String question = zh
                ? draw.of("你好，我是" + name + "。", "我叫" + name + "。")
                : draw.of("Hello, I am " + name + ".", "My name is " + name + ".");
        String answer = oneWord ? name : zh ? "你好，" + name + "！" : "Hello, " + name + "!";
        String topic = zh ? "名字" + name : "the name " + name;
        return script.user(question)
                .answer(thought(script, question, topic, zh ? "感谢" : "thanks", oneWord, zh), answer)
                .end(question + oneWord);
    }

    private static Thought thought(
            Script script, String question, String topic, String other, boolean oneWord, boolean zh) {
        String form = oneWord ? zh ? "只用一个词。" : " One word only." : "";
        var right = new Knowledge(about(topic, zh) + form, List.of(question), "");
        var wrong = new Knowledge(about(other, zh), List.of(question), "");
        return right.recall(script.slips(0, 1) && !other.equals(topic), question, wrong, zh);
    }

    private static String about(String topic, boolean zh) {
        return zh ? "用户说的是" + topic + "。" : "The user speaks of " + topic + ".";
    }
}
