package ai.hadal.server.openai;

import ai.hadal.chat.ReplyEvent;
import ai.hadal.server.reply.Finish;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What whole and streamed completions have in common.
///
/// @param echoes the texts of the prompts if they are to stand before what continues them, else empty
///     texts
/// @param each how many choices each prompt has
record CompletionHead(Heading heading, List<String> echoes, int each) {

    /// How many choices all prompts have.
    int choices() {
        return echoes.size() * each;
    }

    /// What a choice begins with.
    String echo(int choice) {
        return echoes.get(choice / each);
    }

    ObjectNode json() {
        return heading.json("text_completion");
    }

    static ObjectNode choice(int index, String text, @Nullable ObjectNode logprobs, @Nullable String reason) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("index", index).put("text", text);
        json.set("logprobs", logprobs);
        return json.put("finish_reason", reason);
    }

    static String text(ReplyEvent event) {
        return event instanceof ReplyEvent.Text(String text) ? text : "";
    }

    /// The tokens of all prompts, each counted once.
    ///
    /// @param finishes of all choices
    ObjectNode usage(SortedMap<Integer, Finish> finishes) {
        long prompt = 0;
        long cached = 0;
        long output = 0;
        for (var entry : finishes.entrySet()) {
            var usage = entry.getValue().usage();
            boolean last = (entry.getKey() + 1) % each == 0;
            prompt += last ? usage.prompt() : 0;
            cached += last ? usage.cached() : 0;
            output += usage.output();
        }
        return UsageJson.of(prompt, cached, output, 0);
    }
}
