package ai.hadal.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.error.HadalException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ChatCasesTest {

    static Stream<GoldenCases.Case> cases() {
        return GoldenCases.ALL.stream();
    }

    @Test
    void allCasesAreThere() {
        assertThat(GoldenCases.ALL).hasSize(275);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersLikeTheOfficialCode(GoldenCases.Case golden) {
        JsonNode expected = golden.isError()
                ? JsonNodeFactory.instance
                        .objectNode()
                        .set("error", golden.tree().get("error"))
                : JsonNodeFactory.instance
                        .objectNode()
                        .set("result", golden.tree().get("expected"));

        assertThat(ChatCases.answer(golden.tree())).isEqualTo(expected);
        assertThat(ChatCases.answer(golden.line())).isEqualTo(PythonJson.write(expected));
    }

    @Test
    void showsAnEmptyDeveloperMessageAsTheCallerWroteIt() {
        assertThat(ChatCases.answer("""
            {"op": "encode",
             "kwargs": {"thinking_mode": "chat", "context": [{"role": "system", "content": "s"}]},
             "input": [{"role": "user", "content": "x"},
                       {"content": null, "role": "developer", "n": [1.50, true, "it's\\t\\u200b"]}]}
            """)).isEqualTo("""
                {"error": {"type": "AssertionError", "message": "Invalid message for role `developer`: \
                {'content': None, 'role': 'developer', 'n': [1.5, True, \\"it's\\\\t\\\\u200b\\"]}"}}\
                """);
    }

    @Test
    void countsAllPartsOfAMergedTurnInATypeError() {
        assertThat(ChatCases.answer("""
            {"op": "encode", "kwargs": {"thinking_mode": "chat"},
             "input": [{"role": "tool", "content": "r"},
                       {"role": "user", "content": "x"}, {"role": "user", "content": 3}]}
            """)).contains("TypeError", "sequence item 2: expected str instance, int found");
    }

    @Test
    void modeAndEffortDoNotMatterForAnEmptyConversation() {
        assertThat(ChatCases.answer("{\"op\": \"encode\", \"input\": [], \"kwargs\": {\"thinking_mode\": \"auto\"}}"))
                .isEqualTo("{\"result\": \"<｜begin▁of▁sentence｜>\"}");
    }

    @Test
    void whatIsNoCaseIsRefusedInOneSentence() {
        assertThatThrownBy(() -> ChatCases.answer("{\"op\": \"decode\"}"))
                .isInstanceOf(HadalException.class)
                .hasMessage("case has op 'decode': use encode or parse");
        assertThatThrownBy(() -> ChatCases.answer("{\"op\": \"parse\", \"input\": 3}"))
                .isInstanceOf(HadalException.class)
                .hasMessageContaining("give the completion as a string");
        assertThatThrownBy(() -> ChatCases.answer("{\"op\": \"encode\", \"input\": [3]}"))
                .isInstanceOf(HadalException.class)
                .hasMessage("messages[0] is a JSON int: give an object with role and content");
        assertThatThrownBy(() -> ChatCases.answer("{\"op\""))
                .isInstanceOf(HadalException.class)
                .hasMessageStartingWith("case is not valid JSON");
    }
}
