package ai.hadal.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import ai.hadal.chat.Message;
import ai.hadal.chat.ToolCall;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients read the arguments of a call and write them anew; the conversation stays the same.
class ArgumentSpellingTest {

    private static String key(String arguments) {
        var call = new ToolCall("id", "f", arguments);
        return ConversationKey.after(List.of(new Message.Assistant("", "", List.of(call))))
                .getLast();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"a": 1, "b": [2, {"c": 3, "d": 4}]} | {"b":[2,{"d":4,"c":3}],"a":1}
                {"a": 1.0}                           | {"a":1}
                {"a": 1e3}                           | {"a":1000}
                {"a": -0.50}                         | {"a":-0.5}
                {"a": "\\u00e9"}                     | {"a":"é"}
                """)
    void spellingDoesNotCount(String sampled, String returned) {
        assertThat(key(returned)).isEqualTo(key(sampled));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"a": 1}      | {"a": "1"}
                {"a": [1, 2]} | {"a": [2, 1]}
                {"a": 1}      | {"a": 1, "b": null}
                {"a": 1.5}    | {"a": 1}
                {"a": no}     | {"a":no}
                """)
    void valuesDo(String one, String other) {
        assertThat(key(one)).isNotEqualTo(key(other));
    }
}
