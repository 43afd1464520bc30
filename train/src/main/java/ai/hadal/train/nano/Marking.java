package ai.hadal.train.nano;

import ai.hadal.chat.MalformedReplyException;
import ai.hadal.chat.Markers;
import ai.hadal.chat.Message;
import ai.hadal.chat.Reply;
import ai.hadal.chat.ReplyParser;
import ai.hadal.chat.ToolCall;
import ai.hadal.chat.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// The marking of one reply: content and calls count, reasoning does not.
///
/// @param own the reply as a message, its calls with the ids of the expected ones; null if it is wrong
/// @param fault why it is wrong, "" if it is right
/// @param called whether it has a tool call or the beginnings of one
/// @param wellFormed whether its calls can be carried out: the markup is right, the tools exist and every argument
///     text is a JSON object
record Marking(Message.@Nullable Assistant own, String fault, boolean called, boolean wellFormed) {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(JsonNode.class);

    /// Marks a reply.
    ///
    /// @param text all that was generated, with the end marker unless it was cut off
    /// @param cutOff whether a limit ended it
    /// @param thinking whether the reply starts with reasoning
    /// @param tools those that the conversation offers
    static Marking of(
            String text, boolean cutOff, boolean thinking, Message.Assistant expected, List<ToolDefinition> tools) {
        boolean marked = text.contains(Markers.DSML);
        if (cutOff) {
            return wrong("it does not end", marked, false);
        }
        Reply reply;
        try {
            reply = ReplyParser.parse(text, thinking);
        } catch (MalformedReplyException e) {
            return wrong("it is malformed: " + e.reason(), marked, false);
        }
        boolean called = !reply.toolCalls().isEmpty();
        boolean wellFormed = called && reply.toolCalls().stream().allMatch(call -> isPossible(call, tools));
        String fault = fault(reply, expected);
        if (!fault.isEmpty()) {
            return wrong(fault, called, wellFormed);
        }
        var calls = new ArrayList<ToolCall>();
        for (int i = 0; i < reply.toolCalls().size(); i++) {
            var call = reply.toolCalls().get(i);
            calls.add(new ToolCall(expected.toolCalls().get(i).id(), call.name(), call.argumentsJson()));
        }
        return new Marking(new Message.Assistant(reply.content(), reply.reasoning(), calls), "", called, wellFormed);
    }

    private static Marking wrong(String fault, boolean called, boolean wellFormed) {
        return new Marking(null, fault, called, wellFormed);
    }

    private static String fault(Reply reply, Message.Assistant expected) {
        var calls = reply.toolCalls();
        var wanted = expected.toolCalls();
        if (calls.size() != wanted.size()) {
            return "it has " + count(calls.size()) + " instead of " + wanted.size();
        }
        for (int i = 0; i < calls.size(); i++) {
            if (!calls.get(i).name().equals(wanted.get(i).name())) {
                return "call " + (i + 1) + " is of another tool";
            }
            if (!sameJson(calls.get(i).argumentsJson(), wanted.get(i).argumentsJson())) {
                return "call " + (i + 1) + " has other arguments";
            }
        }
        return reply.content().equals(expected.content()) ? "" : "its text is another";
    }

    private static String count(int calls) {
        return calls + (calls == 1 ? " tool call" : " tool calls");
    }

    private static boolean isPossible(ToolCall call, List<ToolDefinition> tools) {
        var arguments = parse(call.argumentsJson());
        return arguments != null
                && arguments.isObject()
                && tools.stream()
                        .anyMatch(tool ->
                                tool.function().path("name").asString("").equals(call.name()));
    }

    /// Whether two texts are the same JSON value: neither spacing nor the order of members counts, nor whether a
    /// number is written 5 or 5.0.
    static boolean sameJson(String a, String b) {
        var left = parse(a);
        var right = parse(b);
        return left != null && right != null && left.equals(Marking::compare, right);
    }

    private static int compare(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }

    private static @Nullable JsonNode parse(String json) {
        try {
            return JSON.readValue(json);
        } catch (JacksonException _) {
            return null;
        }
    }
}
