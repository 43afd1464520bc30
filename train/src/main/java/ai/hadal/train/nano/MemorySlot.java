package ai.hadal.train.nano;

import java.util.List;

/// What a user may tell about himself: `V` stands for the value in the sentence, and in the answer to the question.
enum MemorySlot {
    NAME("My name is V.", "What is my name?", "Your name is V.", "我叫V。", "我叫什么？", "你叫V。"),
    CAT("My cat is called V.", "What is my cat called?", "Your cat is called V.", "我的猫叫V。", "我的猫叫什么？", "你的猫叫V。"),
    DOG("My dog is called V.", "What is my dog called?", "Your dog is called V.", "我的狗叫V。", "我的狗叫什么？", "你的狗叫V。"),
    FRIEND(
            "My best friend is V.",
            "Who is my best friend?",
            "Your best friend is V.",
            "我的好朋友是V。",
            "我的好朋友是谁？",
            "你的好朋友是V。"),
    CITY("I live in V.", "Where do I live?", "You live in V.", "我住在V。", "我住在哪里？", "你住在V。"),
    COLOUR(
            "My favourite colour is V.",
            "What is my favourite colour?",
            "Your favourite colour is V.",
            "我最喜欢的颜色是V。",
            "我最喜欢的颜色是什么？",
            "你最喜欢的颜色是V。"),
    FOOD(
            "My favourite food is V.",
            "What is my favourite food?",
            "Your favourite food is V.",
            "我最喜欢吃V。",
            "我最喜欢吃什么？",
            "你最喜欢吃V。"),
    AGE("I am V years old.", "How old am I?", "You are V years old.", "我今年V岁。", "我今年几岁？", "你今年V岁。"),
    JOB("I work as V.", "What do I work as?", "You work as V.", "我是V。", "我是做什么的？", "你是V。"),
    CODE(
            "The code of my door is V.",
            "What is the code of my door?",
            "The code of your door is V.",
            "我家门的号码是V。",
            "我家门的号码是什么？",
            "你家门的号码是V。"),
    ROOM(
            "My room number is V.",
            "What is my room number?",
            "Your room number is V.",
            "我的房间号是V。",
            "我的房间号是什么？",
            "你的房间号是V。");

    private final Term tell;
    private final Term ask;
    private final Term answer;

    MemorySlot(String tell, String ask, String answer, String tellZh, String askZh, String answerZh) {
        this.tell = new Term(tell, tellZh);
        this.ask = new Term(ask, askZh);
        this.answer = new Term(answer, answerZh);
    }

    String tell(String value, boolean zh) {
        return tell.in(zh).replace("V", value);
    }

    String correct(String value, boolean zh) {
        String told = tell(value, zh);
        return zh ? "不对，" + told : "Sorry, I was wrong. " + told;
    }

    String ask(boolean zh) {
        return ask.in(zh);
    }

    String answer(String value, boolean zh) {
        return answer.in(zh).replace("V", value);
    }

    /// Two different values.
    List<String> values(Draw draw, boolean zh) {
        return switch (this) {
            case NAME, FRIEND -> draw.some(Words.names(zh), 2);
            case CAT, DOG -> in(draw.some(Words.PETS, 2), zh);
            case CITY -> in(draw.some(Words.CITIES, 2), zh);
            case COLOUR -> in(draw.some(Words.COLOURS, 2), zh);
            case FOOD -> in(draw.some(Words.FOODS, 2), zh);
            case AGE -> numbers(draw, 10, 99);
            case JOB ->
                draw.some(Words.JOBS, 2).stream()
                        .map(job -> zh ? job.zh() : Words.a(job.en()))
                        .toList();
            case CODE -> numbers(draw, 1_000, 9_999);
            case ROOM -> numbers(draw, 100, 999);
        };
    }

    private static List<String> in(List<Term> terms, boolean zh) {
        return terms.stream().map(term -> term.in(zh)).toList();
    }

    private static List<String> numbers(Draw draw, int low, int high) {
        int value = draw.integer(low, high);
        int other = draw.integer(low, high);
        return List.of(
                Integer.toString(value), Integer.toString(other == value ? (other == high ? low : other + 1) : other));
    }
}
