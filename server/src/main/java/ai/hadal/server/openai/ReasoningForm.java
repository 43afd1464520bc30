package ai.hadal.server.openai;

import ai.hadal.server.http.Fields;

/// How a response tells its reasoning.
///
/// @param summarized whether as its own summary: clients that ask for one show nothing else
/// @param sealed whether in a form to send back, too
record ReasoningForm(boolean summarized, boolean sealed) {

    private static final String ENCRYPTED = "reasoning.encrypted_content";

    static ReasoningForm read(Fields body) {
        var reasoning = body.object("reasoning");
        boolean summarized = reasoning != null
                && !reasoning
                        .string("summary", reasoning.string("generate_summary", "none"))
                        .equals("none");
        return new ReasoningForm(summarized, body.strings("include").contains(ENCRYPTED));
    }

    ResponseText.Kind kind() {
        return summarized ? ResponseText.Kind.SUMMARY : ResponseText.Kind.REASONING;
    }
}
