package ai.hadal.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.chat.ThinkingMode;
import ai.hadal.chat.ToolChoice;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.ChatRequest;
import ai.hadal.server.reply.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Everything a request says besides its messages.
class RequestsTest {

    private static final String TOOL = """
        "tools": [{"name": "f", "description": "Does.", "input_schema": {"type": "object"}, "strict": true}]""";

    private static Fields body(String fields) {
        return new Fields(
                JsonMapper.shared()
                        .readTree("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]"
                                + (fields.isEmpty() ? "" : ", ") + fields + "}"),
                "");
    }

    private static ChatRequest request(String fields) {
        return Requests.message(body("\"max_tokens\": 9" + (fields.isEmpty() ? "" : ", ") + fields));
    }

    @Test
    void fewWordsWillDo() {
        var request = request("");
        assertThat(request.mode()).isEqualTo(ThinkingMode.NON_THINK);
        assertThat(request.maxThinkingTokens()).isEqualTo(-1);
        assertThat(request.tools()).isEmpty();
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(request.format()).isEqualTo(Format.FREE);
        assertThat(request.settings().maxTokens()).isEqualTo(9);
        assertThat(request.settings().sampling().temperature()).isEqualTo(1);
        assertThat(request.settings().choices()).isEqualTo(1);
    }

    @Test
    void samplingIsRead() {
        var settings = request("""
            "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stop_sequences": ["a", "b"], "service_tier": "auto",
            "metadata": {"user_id": "u"}, "cache_control": {"type": "ephemeral"}""").settings();
        assertThat(settings.sampling().temperature()).isEqualTo(0.5);
        assertThat(settings.sampling().topP()).isEqualTo(0.9);
        assertThat(settings.sampling().topK()).isEqualTo(40);
        assertThat(settings.stop()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"type": "disabled"}                        |        | NON_THINK | -1
                {"type": "enabled", "budget_tokens": 2048}  |        | HIGH      | 2048
                {"type": "adaptive"}                        |        | HIGH      | -1
                {"type": "adaptive"}                        | low    | HIGH      | -1
                {"type": "adaptive"}                        | medium | HIGH      | -1
                {"type": "adaptive"}                        | high   | HIGH      | -1
                {"type": "adaptive"}                        | max    | MAX       | -1
                {"type": "enabled", "budget_tokens": 2048}  | max    | MAX       | 2048
                {"type": "disabled"}                        | max    | NON_THINK | -1
                """)
    void thinkingIsRead(String thinking, String effort, ThinkingMode mode, int budget) {
        var request = request("\"thinking\": " + thinking
                + (effort == null ? "" : ", \"output_config\": {\"effort\": \"" + effort + "\"}"));
        assertThat(request.mode()).isEqualTo(mode);
        assertThat(request.maxThinkingTokens()).isEqualTo(budget);
    }

    @Test
    void toolsAreFunctionsOfTheModel() {
        assertThat(request(TOOL).tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.function().toString()).isEqualTo("""
                    {"name":"f","description":"Does.","parameters":{"type":"object"},"strict":true}"""));
    }

    @Test
    void choicesAreRead() {
        assertThat(choice("{\"type\": \"auto\"}").toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(choice("{\"type\": \"any\"}").toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(choice("{\"type\": \"tool\", \"name\": \"f\"}").toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(choice("{\"type\": \"none\"}").toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(choice("{\"type\": \"auto\"}").parallelToolCalls()).isTrue();
        assertThat(choice("{\"type\": \"auto\", \"disable_parallel_tool_use\": true}")
                        .parallelToolCalls())
                .isFalse();
    }

    private static ChatRequest choice(String choice) {
        return request(TOOL + ", \"tool_choice\": " + choice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"output_config\": {\"format\": {\"type\": \"json_schema\", \"schema\": {\"type\": \"object\"}}}",
                "\"output_format\": {\"type\": \"json_schema\", \"schema\": {\"type\": \"object\"}}"
            })
    void formatsAreRead(String format) {
        assertThat(request(format).format())
                .isEqualTo(new Format.JsonSchema(JsonMapper.shared().readTree("{\"type\": \"object\"}"), true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                "max_tokens": 0                                                    | max_tokens
                "max_tokens": "many"                                               | max_tokens
                "temperature": 1                                                   | max_tokens
                "max_tokens": 9, "temperature": "hot"                              | temperature
                "max_tokens": 9, "top_p": 2                                        | top_p
                "max_tokens": 9, "top_k": -1                                       | top_k
                "max_tokens": 9, "stop_sequences": [""]                            | stop_sequences
                "max_tokens": 9, "stop_sequences": [1]                             | stop_sequences
                "max_tokens": 9, "system": 1                                       | system
                "max_tokens": 9, "thinking": {}                                    | thinking.type
                "max_tokens": 9, "thinking": {"type": "deep"}                      | thinking.type
                "max_tokens": 9, "thinking": {"type": "enabled", "budget_tokens": 0} | thinking.budget_tokens
                "max_tokens": 9, "output_config": {"effort": "some"}               | output_config.effort
                "max_tokens": 9, "output_config": {"format": {"type": "xml"}}      | output_config.format.type
                "max_tokens": 9, "output_config": {"format": {"type": "json_schema"}} | output_config.format.schema
                "max_tokens": 9, "tools": {}                                       | tools
                "max_tokens": 9, "tools": [{"name": "f"}]                          | tools[0].input_schema
                "max_tokens": 9, "tools": [{"name": "a b", "input_schema": {}}]    | tools[0].name
                "max_tokens": 9, "tools": [{"type": "web_search_20250305", "name": "web_search"}] | tools[0].type
                "max_tokens": 9, "tools": [{"type": "bash_20250124", "name": "bash"}] | tools[0].type
                "max_tokens": 9, "tool_choice": {"type": "any"}                    | tool_choice
                "max_tokens": 9, "tool_choice": {"type": "some"}                   | tool_choice.type
                "max_tokens": 9, "tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "tool", "name": "g"} | tool_choice.name
                "max_tokens": 9, "mcp_servers": [{"url": "x"}]                     | mcp_servers
                """)
    void whatIsWrongIsNamed(String fields, String place) {
        assertThatThrownBy(() -> Requests.message(body(fields)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.parameter()).isEqualTo(place));
    }

    @Test
    void countingNeedsNoLimit() {
        assertThat(Requests.conversation(body("")).messages()).hasSize(1);
    }
}
