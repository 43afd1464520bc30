package ai.hadal.train.nano;

import java.util.List;
import java.util.stream.Stream;

/// All that the built-in model knows of itself, of Hadal and of the models it runs.
final class HadalFacts {

    private HadalFacts() {}

    static KnowledgeTask task() {
        return new KnowledgeTask("hadal", read(false), read(true));
    }

    private static List<Knowledge> read(boolean zh) {
        return Stream.of(HadalSelf.SHEET, HadalUse.SHEET, HadalModels.SHEET)
                .flatMap(sheet -> Answer.parse(sheet, zh).stream())
                .map(answer -> new Knowledge(
                        zh ? "问的是" + answer.topic() + "。" : "The question is about " + answer.topic() + ".",
                        answer.questions(),
                        answer.text()))
                .toList();
    }
}
