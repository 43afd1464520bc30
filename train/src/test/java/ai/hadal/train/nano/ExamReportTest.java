package ai.hadal.train.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.error.HadalException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamReportTest {

    private static final Task NEVER = new Task() {
        @Override
        public String name() {
            return "never";
        }

        @Override
        public Episode make(Draw draw, ThinkingMode mode) {
            throw new AssertionError("nothing is asked");
        }
    };

    private static List<ExamAnswer> answers(ExamPart part, int questions, int right) {
        var answers = new ArrayList<ExamAnswer>();
        for (int i = 0; i < questions; i++) {
            boolean isRight = i < right;
            var mistake = isRight ? null : new ExamAnswer.Mistake("How deep?", "11 km", "10 km", "its text is another");
            answers.add(new ExamAnswer(part, i, 2, isRight ? 2 : 1, 1, isRight ? 1 : 0, 30, 12, mistake));
        }
        return answers;
    }

    private static ExamReport report() {
        var answers = new ArrayList<ExamAnswer>();
        answers.addAll(answers(new ExamPart.Plain("addition", ThinkingMode.NON_THINK), 10, 8));
        answers.addAll(answers(new ExamPart.Plain("addition", ThinkingMode.HIGH), 10, 10));
        answers.addAll(answers(new ExamPart.Plain("sorting", ThinkingMode.NON_THINK), 10, 0));
        answers.addAll(answers(new ExamPart.Plain("sorting", ThinkingMode.HIGH), 4, 2));
        for (int tokens : List.of(256, 4096)) {
            for (int depth : List.of(0, 100)) {
                var part = new ExamPart.Retrieval("retrieval", ThinkingMode.NON_THINK, tokens, depth);
                answers.addAll(answers(part, 10, tokens == 256 ? 10 : depth / 20));
            }
        }
        return new ExamReport(answers, false, 10, 1, 5000, 2.5);
    }

    @Test
    void accuracyComesWithItsWilsonInterval() {
        var score = report().score(new ExamPart.Plain("addition", ThinkingMode.NON_THINK));
        assertThat(score.accuracy()).isEqualTo(0.8);
        assertThat(score.low()).isCloseTo(0.4902, within(5e-5));
        assertThat(score.high()).isCloseTo(0.9433, within(5e-5));
        var none = report().score(new ExamPart.Plain("sorting", ThinkingMode.NON_THINK));
        assertThat(none.low()).isZero();
        assertThat(none.high()).isCloseTo(0.2775, within(5e-5));
    }

    @Test
    void markdownHasATableByModeOneByTaskAndOneOfRetrieval() {
        assertThat(report().markdown()).isEqualTo("""
                Right answers by mode

                | mode | n | right | 95 % | turns right | calls well formed | tokens each |
                |---|---:|---:|---:|---:|---:|---:|
                | non-think | 20 | 40.0 % | 21.9-61.3 | 70.0 % | 40.0 % | 12.0 |
                | high | 14 | 85.7 % | 60.1-96.0 | 92.9 % | 85.7 % | 12.0 |

                Right answers by task

                | task | n | non-think | 95 % | high | 95 % |
                |---|---:|---:|---:|---:|---:|
                | addition | 10 | 80.0 % | 49.0-94.3 | 100.0 % | 72.2-100.0 |
                | sorting | 4-10 | 0.0 % | 0.0-27.8 | 50.0 % | 15.0-85.0 |

                Retrieval by length of the text and depth of what is asked for

                | tokens | n | 0 % | 100 % |
                |---|---:|---:|---:|
                | 256 | 10 | 100.0 % | 100.0 % |
                | 4k | 10 | 0.0 % | 50.0 % |
                """);
    }

    @Test
    void jsonHasEveryPartAndEveryMistake() {
        var json = report().json();
        assertThat(json.get("complete").booleanValue()).isFalse();
        assertThat(json.get("tokens_per_second").doubleValue()).isEqualTo(2000);
        assertThat(json.get("total").get("n").intValue()).isEqualTo(74);
        assertThat(json.get("modes").get(1).get("accuracy").doubleValue()).isCloseTo(12 / 14.0, within(1e-12));
        var task = json.get("tasks").get(0);
        assertThat(task.get("task").stringValue()).isEqualTo("addition");
        assertThat(task.get("mode").stringValue()).isEqualTo("non-think");
        assertThat(task.get("right").intValue()).isEqualTo(8);
        var cell = json.get("retrieval").get(3);
        assertThat(cell.get("tokens").intValue()).isEqualTo(4096);
        assertThat(cell.get("depth_percent").intValue()).isEqualTo(100);
        assertThat(json.get("mistakes").size()).isEqualTo(2 + 10 + 2 + 10 + 5);
        assertThat(json.get("mistakes").get(0).get("reply").stringValue()).isEqualTo("10 km");
    }

    @Test
    void retrievalIsAskedAtEachDepthOfEachLengthThatFits() {
        var made = new ArrayList<String>();
        Retrieval.Tasks tasks = (name, tokens, depth) -> {
            made.add(name + "/" + tokens + "/" + depth);
            return NEVER;
        };
        assertThat(Retrieval.papers(tasks, ThinkingMode.HIGH, 1500)).hasSize(15);
        assertThat(made)
                .startsWith("retrieval-256/256/0", "retrieval-256/256/25")
                .endsWith("retrieval-1k/1024/100");
        assertThat(Retrieval.papers(tasks, ThinkingMode.HIGH, 16_384).getLast().part())
                .isEqualTo(new ExamPart.Retrieval("retrieval-16k", ThinkingMode.HIGH, 16_384, 100));
        assertThat(Retrieval.papers(tasks, ThinkingMode.HIGH, 0)).isEmpty();
    }

    @Test
    void aPlanNamesWhatIsWrongWithIt() {
        var modes = List.of(ThinkingMode.HIGH);
        assertThatThrownBy(() -> new ExamPlan(List.of("swimming"), modes, 1, 1, 0))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("there is no task 'swimming'; the tasks are ");
        assertThatThrownBy(() -> new ExamPlan(List.of(), modes, 1, 1, 0))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("the exam asks nothing; name ");
        assertThatThrownBy(() -> new ExamPlan(List.of(), modes, 0, 1, 0))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("the number of questions is 0");
    }
}
