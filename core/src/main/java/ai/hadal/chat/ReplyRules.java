package ai.hadal.chat;

import java.util.List;

/// What a reply may consist of.
///
/// @param tools those it may call
/// @param parallelCalls whether it may call more than once
/// @param format what its text looks like if it calls none
public record ReplyRules(List<ToolDefinition> tools, ToolChoice toolChoice, boolean parallelCalls, ReplyFormat format) {

    /// Text without calls.
    public static final ReplyRules TEXT =
            new ReplyRules(List.of(), new ToolChoice.None(), true, new ReplyFormat.Text());

    public ReplyRules {
        tools = List.copyOf(tools);
    }

    /// Whether there is anything to call.
    boolean mayCall() {
        return !tools.isEmpty() && !(toolChoice instanceof ToolChoice.None);
    }

    boolean mustCall() {
        return toolChoice instanceof ToolChoice.Required || toolChoice instanceof ToolChoice.Named;
    }
}
