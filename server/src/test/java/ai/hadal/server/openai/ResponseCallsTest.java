package ai.hadal.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.hadal.engine.FinishReason;
import ai.hadal.engine.Tokenizers;
import ai.hadal.server.http.ApiException;
import ai.hadal.server.http.EventStream;
import ai.hadal.server.http.Fields;
import ai.hadal.server.reply.ScriptedExchange;
import ai.hadal.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Tools that are no functions to the client, as Codex offers them: the model calls functions, and the client hears of
/// its own tools.
class ResponseCallsTest {

    private static final ResponseHead HEAD =
            new ResponseHead(new Heading("resp_1", "nano", 0), JsonNodeFactory.instance.objectNode());
    private static final Tokenizer TOKENIZER = Tokenizers.at(Path.of("../models/nano"));
    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final String TOOLS = """
        {"tools": [
          {"type": "web_search", "external_web_access": false},
          {"type": "function", "name": "shell", "description": "Run.", "strict": false, "parameters": {}},
          {"type": "custom", "name": "apply_patch", "description": "Edit files.",
           "format": {"type": "grammar", "syntax": "lark", "definition": "start: begin"}},
          {"type": "namespace", "name": "mcp__files", "description": "Files.", "tools": [
            {"type": "function", "name": "read", "parameters": {"type": "object"}},
            {"type": "image_generation"}]},
          {"type": "namespace", "name": "mcp__web__", "description": "Web.", "tools": [
            {"type": "function", "name": "get", "parameters": {"type": "object"}}]}]}""";

    private static ResponseTools tools(String json) {
        return ResponseTools.read(new Fields(MAPPER.readTree(json), ""));
    }

    @Test
    void theModelKnowsFunctionsAlone() {
        var tools = tools(TOOLS);
        assertThat(tools.definitions())
                .extracting(tool -> tool.function().path("name").stringValue())
                .containsExactly("shell", "apply_patch", "mcp__files__read", "mcp__web__get");
        JsonNode patch = tools.definitions().get(1).function();
        assertThat(patch.at("/parameters/required")).isEqualTo(MAPPER.readTree("[\"input\"]"));
        assertThat(patch.at("/parameters/properties/input/type").stringValue()).isEqualTo("string");
        assertThat(patch.path("description").stringValue())
                .startsWith("Edit files.")
                .endsWith("start: begin");
        assertThat(tools.unenforced()).containsExactly("apply_patch#/format");
        assertThat(tools.passedOver()).containsExactly("web_search", "image_generation");
        assertThat(tools.told())
                .extracting(tool -> tool.path("type").stringValue())
                .containsExactly("function", "custom", "namespace", "namespace");
    }

    @Test
    void onlyToolsThatTheServerDoesNotRunAreRefused() {
        assertThatThrownBy(() -> tools("{\"tools\": [{\"type\": \"web_search\"}]}"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("'tools[0].type' is 'web_search'");
        assertThatThrownBy(() -> tools("""
                {"tools": [{"type": "namespace", "name": "n", "tools": [{"type": "function", "name": "a b"}]}]}""")).hasMessageContaining("'tools[0].tools[0].name'");
    }

    private static String call(String name, String parameter, String value) {
        return "<｜DSML｜invoke name=\"" + name + "\">\n<｜DSML｜parameter name=\"" + parameter + "\" string=\"true\">"
                + value + "</｜DSML｜parameter>\n</｜DSML｜invoke>\n";
    }

    private static ByteArrayOutputStream run(List<String> texts, ReasoningForm form, Duration patience)
            throws IOException {
        var out = new ByteArrayOutputStream();
        var exchange = ScriptedExchange.of(form.sealed(), texts, FinishReason.END_OF_TURN);
        var items = new ResponseItems(
                HEAD, tools(TOOLS), form, exchange, TOKENIZER, new ResponseSink(new EventStream(out), patience));
        exchange.run(items);
        items.end();
        return out;
    }

    private static List<JsonNode> events(ByteArrayOutputStream out) {
        var events = new ArrayList<JsonNode>();
        for (String block : out.toString(StandardCharsets.UTF_8).split("\n\n")) {
            if (!block.startsWith(":")) {
                events.add(MAPPER.readTree(block.substring(block.indexOf("data: ") + 6)));
            }
        }
        return events;
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("type").stringValue().replace("response.", ""))
                .toList();
    }

    @Test
    void callsAreToldAsTheClientKnowsItsTools() throws IOException {
        String block = "\n\n<｜DSML｜tool_calls>\n" + call("apply_patch", "input", "*** \"A\"\n+b")
                + call("mcp__files__read", "path", "x") + call("shell", "command", "ls") + "</｜DSML｜tool_calls>";
        var events = events(run(List.of(block), new ReasoningForm(false, false), PATIENCE));
        assertThat(types(events).stream().filter(type -> !type.endsWith("arguments.delta")))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "custom_tool_call_input.delta",
                        "custom_tool_call_input.done",
                        "output_item.added",
                        "function_call_arguments.done",
                        "output_item.added",
                        "function_call_arguments.done",
                        "output_item.done",
                        "output_item.done",
                        "output_item.done",
                        "completed");
        assertThat(events.get(4).path("input").stringValue()).isEqualTo("*** \"A\"\n+b");
        JsonNode output = events.getLast().at("/response/output");
        JsonNode patch = output.get(0);
        assertThat(patch.path("type").stringValue()).isEqualTo("custom_tool_call");
        assertThat(patch.path("name").stringValue()).isEqualTo("apply_patch");
        assertThat(patch.path("input").stringValue()).isEqualTo("*** \"A\"\n+b");
        assertThat(patch.path("status").stringValue()).isEqualTo("completed");
        assertThat(patch.has("arguments")).isFalse();
        JsonNode read = output.get(1);
        assertThat(read.path("type").stringValue()).isEqualTo("function_call");
        assertThat(read.path("name").stringValue()).isEqualTo("read");
        assertThat(read.path("namespace").stringValue()).isEqualTo("mcp__files");
        assertThat(output.get(2).has("namespace")).isFalse();
        for (JsonNode event : events) {
            if (event.path("type").stringValue().equals("response.output_item.done")) {
                assertThat(event.path("item"))
                        .isEqualTo(output.get(event.path("output_index").intValue()));
            }
        }
    }

    @Test
    void reasoningIsASummaryForThoseWhoAskForOne() throws IOException {
        var events = events(run(List.of("Hm", ", so.", "</think>", "Yes."), new ReasoningForm(true, true), PATIENCE));
        assertThat(types(events))
                .startsWith(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "reasoning_summary_part.added",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.done",
                        "reasoning_summary_part.done",
                        "output_item.done");
        assertThat(events.get(4).path("summary_index").intValue(-1)).isZero();
        JsonNode item = events.getLast().at("/response/output/0");
        assertThat(item.path("summary"))
                .isEqualTo(MAPPER.readTree("[{\"type\": \"summary_text\", \"text\": \"Hm, so.\"}]"));
        assertThat(item.has("content")).isFalse();
        assertThat(SealedReasoning.read(item.path("encrypted_content").stringValue()))
                .isEqualTo("Hm, so.");
    }

    @Test
    void thoseWhoDoNotHearCommentsHearEventsWhileThePromptIsRead() throws IOException {
        var silent = types(events(run(List.of("Yes."), new ReasoningForm(false, false), Duration.ZERO)));
        assertThat(silent).startsWith("created", "in_progress", "in_progress", "in_progress", "output_item.added");
        var patient = types(events(run(List.of("Yes."), new ReasoningForm(false, false), PATIENCE)));
        assertThat(patient).startsWith("created", "in_progress", "output_item.added");
    }

    @Test
    void foreignReasoningIsNotRead() {
        assertThat(SealedReasoning.read(null)).isNull();
        assertThat(SealedReasoning.read("gAAAAABo")).isNull();
        assertThat(SealedReasoning.read("hadal.***")).isNull();
    }
}
