package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Message;
import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import ai.hadal.engine.Engine;
import ai.hadal.engine.EngineOptions;
import ai.hadal.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExamTest {

    private static final String END = "<｜end▁of▁sentence｜>";
    private static final Path TINY = tiny();
    private static final Tokenizer TOKENIZER = Tokenizer.fromJson(TINY);

    private static Path tiny() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("models/tiny-random"))) {
            at = Objects.requireNonNull(at.getParent(), "models/tiny-random is part of the repository");
        }
        return at.resolve("models/tiny-random");
    }

    private interface Maker {
        Episode make(Draw draw, ThinkingMode mode);
    }

    private record Made(String name, Maker maker) implements Task {
        @Override
        public Episode make(Draw draw, ThinkingMode mode) {
            return maker.make(draw, mode);
        }
    }

    /// "Say n." with the answer n, twice; the reasoning holds a mistake.
    private static final Task ECHO = new Made("echo", (draw, mode) -> {
        int n = draw.integer(100, 999);
        String thought =
                mode.thinks() ? Episode.MISTAKE_START + "It is 5." + Episode.MISTAKE_END + "No, it is " + n + "." : "";
        return new Episode(
                "" + n,
                mode,
                List.of(
                        new Message.User("Say " + n + "."),
                        new Message.Assistant("" + n, thought, List.of()),
                        new Message.User("Say " + (n + 1) + "."),
                        new Message.Assistant("" + (n + 1), thought, List.of())));
    });

    private static final ToolDefinition ADD = ToolDefinition.parse("{\"name\": \"add\"}");

    /// A sum by a tool.
    private static final Task TOOL = new Made("tool", (draw, mode) -> {
        int a = draw.integer(1, 99);
        int b = draw.integer(1, 99);
        return new Episode(
                a + "+" + b,
                mode,
                List.of(
                        new Message.System("", List.of(ADD)),
                        new Message.User(a + " + " + b),
                        new Message.Assistant(
                                "",
                                "I add.",
                                List.of(new ToolCall("id", "add", "{\"a\": " + a + ", \"b\": " + b + "}"))),
                        new Message.Tool("id", "" + (a + b)),
                        new Message.Assistant("" + (a + b), "Done.", List.of())));
    });

    /// What comes after the last "Say ".
    private static String echo(String prompt) {
        String asked = prompt.substring(prompt.lastIndexOf("Say ") + 4);
        String n = asked.substring(0, asked.indexOf('.'));
        return (prompt.endsWith("<think>") ? "Hm, " + n + "?</think>" : "") + n + END;
    }

    private static String call(String a, String b) {
        return "</think>\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"add\">\n"
                + "<｜DSML｜parameter name=\"b\" string=\"false\">" + b + "</｜DSML｜parameter>\n"
                + "<｜DSML｜parameter name=\"a\" string=\"false\">" + a + "</｜DSML｜parameter>\n"
                + "</｜DSML｜invoke>\n</｜DSML｜tool_calls>" + END;
    }

    private static String addByTool(String prompt) {
        int result = prompt.indexOf("<tool_result>");
        if (result >= 0) {
            return "Good.</think>" + prompt.substring(result + 13, prompt.indexOf("</tool_result>")) + END;
        }
        String[] sum = prompt.substring(prompt.indexOf("<｜User｜>") + 8, prompt.indexOf("<｜Assistant｜>"))
                .split(" \\+ ");
        return "A tool." + call(sum[0] + ".0", sum[1]);
    }

    private static ScriptedExaminee scripted(UnaryOperator<String> script) {
        return new ScriptedExaminee(TOKENIZER, script, false);
    }

    private static ExamReport examine(Examinee examinee, Task task, ThinkingMode mode, int questions) {
        var paper = new Exam.Paper(new ExamPart.Plain(task.name(), mode), task);
        return new Exam(examinee, TOKENIZER, 4, 256).run(List.of(paper), questions, 1, ExamListener.NONE);
    }

    private static ExamAnswer.Mistake mistake(ExamAnswer answer) {
        return Objects.requireNonNull(answer.mistake());
    }

    @Test
    void whoeverAnswersEveryTurnOfAQuestionHasItRight() {
        for (var mode : ThinkingMode.values()) {
            var report = examine(scripted(ExamTest::echo), ECHO, mode, 10);
            assertThat(report.complete()).isTrue();
            assertThat(report.answers()).hasSize(10).allMatch(ExamAnswer::right);
            assertThat(report.answers()).allMatch(answer -> answer.rightTurns() == 2);
        }
    }

    @Test
    void questionsAreHeldOutOnesAndEachIsAskedAsDrawn() {
        var examinee = scripted(ExamTest::echo);
        examine(examinee, ECHO, ThinkingMode.NON_THINK, 5);
        for (int i = 0; i < 5; i++) {
            String key =
                    Curriculum.episode(ECHO, ThinkingMode.NON_THINK, true, 1, i).key();
            assertThat(examinee.prompts).anyMatch(prompt -> prompt.contains("<｜User｜>Say " + key + ".<"));
        }
    }

    @Test
    void theFirstWrongTurnEndsTheQuestion() {
        var examinee = scripted(prompt -> prompt.contains(END) ? "no" + END : echo(prompt));
        var report = examine(examinee, ECHO, ThinkingMode.NON_THINK, 3);
        assertThat(report.answers()).noneMatch(ExamAnswer::right).allMatch(answer -> answer.rightTurns() == 1);
        var mistake = mistake(report.answers().getFirst());
        assertThat(mistake.question()).startsWith("Say ");
        assertThat(mistake.question()).contains(mistake.expected().replace(END, ""));
        assertThat(mistake.reply()).isEqualTo("no" + END);
    }

    @Test
    void whatIsExpectedShowsNoMarksOfMistakes() {
        var report = examine(scripted(_ -> "</think>no" + END), ECHO, ThinkingMode.HIGH, 1);
        assertThat(mistake(report.answers().getFirst()).expected()).startsWith("It is 5.No, it is ");
    }

    @Test
    void theConversationGoesOnWithTheModelsOwnReasoningAndTheScriptedResult() {
        var examinee = scripted(ExamTest::addByTool);
        var report = examine(examinee, TOOL, ThinkingMode.HIGH, 1);
        assertThat(report.answers()).allMatch(ExamAnswer::right);
        assertThat(examinee.prompts).hasSize(2);
        assertThat(examinee.prompts.getLast())
                .startsWith(examinee.prompts.getFirst() + "A tool.</think>")
                .contains("<tool_result>")
                .doesNotContain("I add.");
    }

    @Test
    void callsAreCountedByWhetherTheyCanBeCarriedOut() {
        var right = examine(scripted(ExamTest::addByTool), TOOL, ThinkingMode.HIGH, 2)
                .total();
        assertThat(right.callReplies()).isEqualTo(2);
        assertThat(right.wellFormedCallReplies()).isEqualTo(2);
        var other = examine(scripted(_ -> call("0", "0")), TOOL, ThinkingMode.HIGH, 2)
                .total();
        assertThat(other.right()).isZero();
        assertThat(other.wellFormedCallReplies()).isEqualTo(2);
        var broken = examine(scripted(_ -> call("0", "zero")), TOOL, ThinkingMode.HIGH, 2)
                .total();
        assertThat(broken.callReplies()).isEqualTo(2);
        assertThat(broken.wellFormedCallReplies()).isZero();
    }

    @Test
    void aReplyThatDoesNotEndIsCutOffAndWrong() {
        var report = examine(scripted(_ -> "and ".repeat(500)), ECHO, ThinkingMode.NON_THINK, 1);
        var answer = report.answers().getFirst();
        assertThat(answer.right()).isFalse();
        int expected = TOKENIZER.encode(mistake(answer).expected()).length;
        assertThat(answer.tokens()).isEqualTo(2 * expected + 64);
        assertThat(mistake(answer).fault()).isEqualTo("it does not end");
    }

    @Test
    void aLaterTurnReadsOnlyWhatIsNew() {
        var keeps = examine(scripted(ExamTest::addByTool), TOOL, ThinkingMode.HIGH, 3);
        var forgets = examine(new ScriptedExaminee(TOKENIZER, ExamTest::addByTool, true), TOOL, ThinkingMode.HIGH, 3);
        assertThat(forgets.total().right()).isEqualTo(3);
        assertThat(forgets.total().promptTokens()).isEqualTo(keeps.total().promptTokens());
        var fresh = examine(new ScriptedExaminee(TOKENIZER, ExamTest::echo, true), ECHO, ThinkingMode.HIGH, 3);
        var rolled = examine(scripted(ExamTest::echo), ECHO, ThinkingMode.HIGH, 3);
        assertThat(fresh.total().right()).isEqualTo(3);
        assertThat(rolled.total().promptTokens()).isLessThan(fresh.total().promptTokens());
    }

    @Test
    void stepsHoldManyTextsButNeverMoreThan256Tokens() {
        String filler = "one two three four ".repeat(80);
        var longTask = new Made("long", (draw, mode) -> {
            String n = "" + draw.integer(100, 999);
            return new Episode(n, mode, List.of(new Message.User(filler + "Say " + n + "."), new Message.Assistant(n)));
        });
        var examinee = scripted(ExamTest::echo);
        var report = examine(examinee, longTask, ThinkingMode.NON_THINK, 6);
        assertThat(report.answers()).hasSize(6).allMatch(ExamAnswer::right);
        assertThat(examinee.stepTokens).allMatch(tokens -> tokens <= 256).contains(256);
        assertThat(examinee.stepTexts).contains(2).allMatch(texts -> texts <= 4);
        assertThat(report.stepTokens())
                .isEqualTo(examinee.stepTokens.stream().mapToLong(n -> n).sum());
    }

    @Test
    void answersComeInThePlansOrderWheneverTheyEnd() {
        // Some replies are longer than others, so a later question may end first.
        var examinee =
                scripted(prompt -> prompt.contains("1") ? "Well, well, well, ".repeat(2) + echo(prompt) : echo(prompt));
        var ended = new ArrayList<Integer>();
        var paper = new Exam.Paper(new ExamPart.Plain("echo", ThinkingMode.HIGH), ECHO);
        var report = new Exam(examinee, TOKENIZER, 4, 256).run(List.of(paper), 12, 3, new ExamListener() {
            @Override
            public void answered(ExamAnswer answer) {
                ended.add(answer.number());
            }
        });
        assertThat(ended).isNotEqualTo(ended.stream().sorted().toList());
        assertThat(report.answers().stream().map(ExamAnswer::number)).isSorted().hasSize(12);
    }

    @Test
    void aCancelledExamReportsWhatWasAnswered() {
        Predicate<Integer> enough = answered -> answered >= 3;
        var listener = new ExamListener() {
            private int seen;

            @Override
            public void progressed(int answered, int questions, long tokens) {
                assertThat(questions).isEqualTo(50);
                seen = answered;
            }

            @Override
            public boolean cancelled() {
                return enough.test(seen);
            }
        };
        var paper = new Exam.Paper(new ExamPart.Plain("echo", ThinkingMode.HIGH), ECHO);
        var report = new Exam(scripted(ExamTest::echo), TOKENIZER, 2, 256).run(List.of(paper), 50, 1, listener);
        assertThat(report.complete()).isFalse();
        assertThat(report.answers()).hasSizeBetween(3, 4);
    }

    @Test
    void aModelAnswersManyQuestionsAtOnceAsItAnswersThemOneByOne() {
        var options = EngineOptions.defaults().withThreads(1).withContextLength(4096);
        try (var engine = Engine.open(TINY, options)) {
            var papers = Stream.of(ThinkingMode.values())
                    .map(mode -> new Exam.Paper(new ExamPart.Plain("echo", mode), ECHO))
                    .toList();
            var alone = new Exam(new ModelExaminee(engine.model()), engine.tokenizer(), 1, 32)
                    .run(papers, 1, 1, ExamListener.NONE);
            var together = new Exam(engine.model(), engine.tokenizer()).run(papers, 1, 1, ExamListener.NONE);
            assertThat(together.answers()).hasSize(3).isEqualTo(alone.answers());
            assertThat(together.answers())
                    .extracting(answer -> mistake(answer).reply())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aModelKeepsAsMuchOfATextAsItsWindowAllows() {
        try (var engine =
                Engine.open(TINY, EngineOptions.defaults().withThreads(1).withContextLength(4096))) {
            var examinee = new ModelExaminee(engine.model());
            int[] ids = TOKENIZER.encode("one two three four five six seven eight nine ten ".repeat(30));
            var text = examinee.open();
            int first = examinee.read(List.of(new Examinee.Piece(text, ids, true)))[0];
            assertThat(text.keep(ids.length - 1)).isEqualTo(ids.length - 1);
            assertThat(examinee.read(List.of(new Examinee.Piece(text, new int[] {ids[ids.length - 1]}, true))))
                    .containsExactly(first);
            assertThat(text.keep(10)).isZero();
            assertThat(examinee.read(List.of(new Examinee.Piece(text, ids, true))))
                    .containsExactly(first);
        }
    }
}
