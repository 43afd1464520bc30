package ai.hadal.train.nano;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A report as JSON: shares from 0 to 1, one object for each part, and every wrong reply.
final class ExamJson {

    private ExamJson() {}

    static ObjectNode of(ExamReport report) {
        var root = JsonNodeFactory.instance.objectNode();
        root.put("seed", report.seed())
                .put("questions_per_part", report.questions())
                .put("complete", report.complete())
                .put("seconds", report.seconds())
                .put("tokens_per_second", report.tokensPerSecond());
        score(root.putObject("total"), report.total());
        var modes = root.putArray("modes");
        report.parts().stream()
                .filter(ExamPart.Plain.class::isInstance)
                .map(ExamPart::mode)
                .distinct()
                .forEach(mode -> score(modes.addObject().put("mode", ExamPart.name(mode)), report.score(mode)));
        var tasks = root.putArray("tasks");
        var retrieval = root.putArray("retrieval");
        for (var part : report.parts()) {
            var node = switch (part) {
                case ExamPart.Plain _ -> place(tasks.addObject(), part);
                case ExamPart.Retrieval cell ->
                    place(retrieval.addObject(), part)
                            .put("tokens", cell.tokens())
                            .put("depth_percent", cell.depthPercent());
            };
            score(node, report.score(part));
        }
        var mistakes = root.putArray("mistakes");
        for (var answer : report.answers()) {
            var mistake = answer.mistake();
            if (mistake != null) {
                place(mistakes.addObject(), answer.part())
                        .put("number", answer.number())
                        .put("question", mistake.question())
                        .put("expected", mistake.expected())
                        .put("reply", mistake.reply())
                        .put("fault", mistake.fault());
            }
        }
        return root;
    }

    private static ObjectNode place(ObjectNode node, ExamPart part) {
        return node.put("task", part.task()).put("mode", ExamPart.name(part.mode()));
    }

    private static void score(ObjectNode node, ExamScore score) {
        node.put("n", score.questions()).put("right", score.right());
        if (score.questions() > 0) {
            node.put("accuracy", score.accuracy())
                    .put("accuracy_low", score.low())
                    .put("accuracy_high", score.high());
        }
        node.put("turns", score.turns())
                .put("right_turns", score.rightTurns())
                .put("call_replies", score.callReplies())
                .put("well_formed_call_replies", score.wellFormedCallReplies())
                .put("prompt_tokens", score.promptTokens())
                .put("generated_tokens", score.tokens());
    }
}
