package ai.hadal.chat;

import ai.hadal.error.HadalException;

/// A completion that does not follow the protocol. Callers show its text as it is, or generate again.
public class MalformedReplyException extends HadalException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final boolean inToolCalls;

    MalformedReplyException(String reason, boolean inToolCalls) {
        super("The reply is malformed (%s): show its text unparsed or generate it again".formatted(reason));
        this.reason = reason;
        this.inToolCalls = inToolCalls;
    }

    /// What is wrong, in the words of the official parser.
    public String reason() {
        return reason;
    }

    /// Whether the fault is inside the block of tool calls.
    public boolean isInToolCalls() {
        return inToolCalls;
    }
}
